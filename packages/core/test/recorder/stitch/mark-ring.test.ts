import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MarkRing } from '../../../src/recorder/stitch/mark-ring.js'

interface Frame {
  readonly marks: readonly [number, number]
  readonly microseconds: number
}

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const length = fc.constantFrom(0, 26_122, 26_122, 26_122, 2_902)
const even = fc.tuple(fc.array(fc.tuple(int, int), { minLength: 1, maxLength: 700 }), length)
const uneven = fc.array(fc.tuple(fc.tuple(int, int), length), { minLength: 1, maxLength: 700 })
const step = fc.oneof(
  { weight: 6, arbitrary: even.map(([marks, microseconds]) => ({ kind: 'even' as const, marks, microseconds })) },
  { weight: 2, arbitrary: uneven.map((frames) => ({ kind: 'uneven' as const, frames })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(0, 1, 500_000, 30_000_000), fc.constantFrom(0, 1, 3))
      .map(([most, least]) => ({ kind: 'dropTo' as const, most, least })),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'dropFirst' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
)

it('is a row of frames, however they are added and dropped', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const ring = new MarkRing()
      let row: Frame[] = []
      const sum = (frames: readonly Frame[]) => frames.reduce((total, { microseconds }) => total + microseconds, 0)
      for (const one of steps) {
        if (one.kind === 'even') {
          ring.add(Int32Array.from(one.marks.flat()), one.microseconds)
          row.push(...one.marks.map((marks) => ({ marks, microseconds: one.microseconds })))
        } else if (one.kind === 'uneven') {
          const added = one.frames.map(([marks, microseconds]) => ({ marks, microseconds }))
          const lengths = Int32Array.from(added, ({ microseconds }) => microseconds)
          ring.add(Int32Array.from(added.flatMap(({ marks }) => marks)), lengths)
          row.push(...added)
        } else if (one.kind === 'dropTo') {
          ring.dropTo(one.most, one.least)
          while (sum(row) > one.most && row.length > one.least) row.shift()
        } else if (one.kind === 'dropFirst') {
          ring.dropFirst()
          row.shift()
        } else {
          ring.clear()
          row = []
        }
        expect(ring.length).toBe(row.length)
        expect(ring.microseconds).toBe(sum(row))
        expect(row.map((_, frame) => [ring.mark(frame, 0), ring.mark(frame, 1)])).toEqual(row.map(({ marks }) => marks))
        const middle = row.length >> 1
        expect(ring.microsecondsBetween(middle, row.length)).toBe(sum(row.slice(middle)))
      }
    }),
    { numRuns: 60 },
  )
})
