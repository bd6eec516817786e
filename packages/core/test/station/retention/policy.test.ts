import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RetentionPolicy, type KeptRecording, type RetentionRules } from '../../../src/station/retention/policy.js'

const DAY_MS = 86_400_000
const NOW = 400 * DAY_MS

const recording = (name: string, ageDays: number, sizeBytes: number, more: Partial<KeptRecording> = {}) => ({
  ...{ name, source: 'a', endsAt: NOW - ageDays * DAY_MS, sizeBytes, isProtected: false },
  ...more,
})
const plan = (
  rules: Readonly<Record<string, RetentionRules>>,
  recordings: KeptRecording[],
  freeBytes: Readonly<Record<string, number>> = {},
) => {
  const spaces = new Map(
    Object.entries(freeBytes).map(([source, bytes]) => [source, { volume: 'v', freeBytes: bytes }]),
  )
  const { removals, short } = new RetentionPolicy(new Map(Object.entries(rules))).plan({ recordings, now: NOW, spaces })
  return {
    gone: removals.map(({ recording: { name }, reason }) => `${name} ${reason}`),
    short: Object.fromEntries(short),
  }
}

describe('RetentionPolicy', () => {
  it('removes what is older than keep_days, to the millisecond', () => {
    const recordings = [recording('new', 3, 1), recording('old', 3 + 1e-8, 1), recording('older', 9, 1)]
    expect(plan({ a: { keepDays: 3 } }, recordings).gone).toEqual(['older age', 'old age'])
  })

  it('removes the oldest until the rest is not larger than keep_gb', () => {
    const recordings = [recording('3', 3, 40), recording('1', 1, 40), recording('2', 2, 40), recording('4', 4, 40)]
    expect(plan({ a: { keepBytes: 80 } }, recordings).gone).toEqual(['4 size', '3 size'])
    expect(plan({ a: { keepBytes: 160 } }, recordings).gone).toEqual([])
  })

  it('counts each source for itself, and leaves others alone', () => {
    const recordings = [
      recording('a', 5, 50),
      recording('b', 9, 50, { source: 'b' }),
      recording('c', 9, 50, { source: 'c' }),
    ]
    expect(plan({ a: { keepBytes: 60 }, b: { keepDays: 8 } }, recordings).gone).toEqual(['b age'])
  })

  it('takes the oldest of all for the volume, no more than it lacks, after what goes anyway', () => {
    const recordings = [recording('a1', 7, 50), recording('b1', 6, 50, { source: 'b' }), recording('a2', 5, 50)]
    const rules = { a: { minFreeBytes: 100 }, b: { minFreeBytes: 100 } }
    expect(plan(rules, recordings, { a: 10, b: 10 }).gone).toEqual(['a1 space', 'b1 space'])
    expect(plan(rules, recordings, { a: 50, b: 50 }).gone).toEqual(['a1 space'])
    expect(plan(rules, recordings, { a: 100, b: 100 }).gone).toEqual([])
    expect(plan({ ...rules, b: { keepDays: 1 } }, recordings, { a: 50, b: 50 }).gone).toEqual(['b1 age'])
  })

  it('says what is missing when nothing may go any more, and nothing of a volume that nobody knows', () => {
    const kept = recording('kept', 900, 500, { isProtected: true })
    const { gone, short } = plan({ a: { minFreeBytes: 100 } }, [kept, recording('x', 1, 30)], { a: 10 })
    expect(gone).toEqual(['x space'])
    expect(short).toEqual({ a: 60 })
    expect(plan({ a: { minFreeBytes: 100 } }, [recording('x', 1, 30)])).toEqual({ gone: [], short: {} })
  })

  it('does not count what is protected', () => {
    const recordings = [recording('kept', 9, 500, { isProtected: true }), recording('x', 1, 30)]
    expect(plan({ a: { keepBytes: 100, keepDays: 2 } }, recordings).gone).toEqual([])
  })

  it('always keeps to its rules, and takes nothing without need', () => {
    const limit = (max: number) => fc.option(fc.integer({ min: 1, max }), { nil: undefined })
    const rules = fc.record({ keepDays: limit(50), keepBytes: limit(500), minFreeBytes: limit(500) })
    const some = fc.record({
      source: fc.constantFrom('a', 'b', 'c'),
      age: fc.integer({ min: -5, max: 100 }),
      sizeBytes: fc.integer({ min: 0, max: 100 }),
      isProtected: fc.boolean(),
    })
    fc.assert(
      fc.property(
        rules,
        rules,
        fc.array(some, { maxLength: 30 }),
        fc.integer({ min: 0, max: 600 }),
        (a, b, made, free) => {
          const all = made.map(({ age, ...rest }, at) => ({ ...rest, name: String(at), endsAt: NOW - age * DAY_MS }))
          const policy = new RetentionPolicy(new Map(Object.entries({ a, b })))
          const space = { volume: 'v', freeBytes: free }
          const spaces = new Map([...'ab'].map((source) => [source, space]))
          const { removals, short } = policy.plan({ recordings: all, now: NOW, spaces })
          const gone = new Set(removals.map(({ recording: one }) => one))
          expect(gone.size).toBe(removals.length)
          for (const { isProtected, source } of gone) expect(isProtected || source === 'c').toBe(false)
          const ends = removals.map(({ recording: { endsAt } }) => endsAt)
          expect(ends).toEqual([...ends].sort((one, other) => one - other))
          const freed = free + [...gone].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
          for (const [source, { keepDays = Infinity, keepBytes = Infinity, minFreeBytes = 0 }] of Object.entries({
            a,
            b,
          })) {
            const left = all.filter((one) => one.source === source && !one.isProtected && !gone.has(one))
            for (const { endsAt } of left) expect(NOW - endsAt).toBeLessThanOrEqual(keepDays * DAY_MS)
            const size = left.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
            expect(size).toBeLessThanOrEqual(keepBytes)
            if (freed < minFreeBytes) expect(left).toEqual([])
            expect(short.get(source) ?? 0).toBe(Math.max(0, minFreeBytes - freed))
            // oldest first: what stays of a source is not older than what went of it
            const [mine] = [[...gone].filter((one) => one.source === source)]
            for (const went of mine) for (const stays of left) expect(went.endsAt).toBeLessThanOrEqual(stays.endsAt)
            // the last one that went for its size was needed for it
            const bySize = removals.filter(({ reason, recording: one }) => reason === 'size' && one.source === source)
            const last = bySize.at(-1)?.recording
            const after = removals.filter(({ reason, recording: one }) => reason === 'space' && one.source === source)
            const kept = size + after.reduce((sum, { recording: one }) => sum + one.sizeBytes, 0)
            if (last) expect(kept + last.sizeBytes).toBeGreaterThan(keepBytes)
          }
          const lastForSpace = removals.filter(({ reason }) => reason === 'space').at(-1)?.recording
          if (lastForSpace) {
            const least = (lastForSpace.source === 'a' ? a : b).minFreeBytes ?? 0
            expect(freed - lastForSpace.sizeBytes).toBeLessThan(least)
          }
        },
      ),
    )
  })
})
