import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IndexedSpan } from '../../src/formats/frame-span.js'
import { AfterSize } from '../../src/splitters/after-size.js'
import { frameMaker, split } from '../support/split-run.js'

const { header } = frameMaker(1000, 10)(1)

/** Frames of these sizes in bytes, ten samples each. */
function sized(sizes: readonly number[]) {
  const byteOffsets = [0]
  for (const size of sizes) byteOffsets.push(byteOffsets.at(-1)! + size)
  const bytes = new Uint8Array(byteOffsets.at(-1)!)
  return {
    span: new IndexedSpan(
      header,
      bytes,
      byteOffsets,
      byteOffsets.map((_, index) => index * 10),
    ),
  }
}

describe('AfterSize', () => {
  it('fills files with what fits', () => {
    const files = split(new AfterSize({ bytes: 100 }), [sized([40, 40, 40, 60, 100, 1, 99, 1])], (sample) => sample)
    expect(files.map((file) => file.bytes)).toEqual([80, 100, 100, 100, 1])
  })

  it('gives a frame that fits nowhere a file of its own', () => {
    const files = split(
      new AfterSize({ bytes: 100 }),
      [sized([40, 500, 40]), sized([500]), sized([500])],
      (sample) => sample,
    )
    expect(files.map((file) => file.bytes)).toEqual([40, 500, 40, 500, 500])
  })

  it('never exceeds its size by more than a single frame of its own, and never cuts too early', () => {
    const size = fc.integer({ min: 1, max: 150 })
    fc.assert(
      fc.property(fc.array(fc.array(size, { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 9 }), (spans) => {
        const files = split(new AfterSize({ bytes: 100 }), spans.map(sized), (sample) => sample)
        const sizes = spans.flat()
        for (const [index, file] of files.entries()) {
          if (file.frames > 1) expect(file.bytes).toBeLessThanOrEqual(100)
          const next = files[index + 1]
          if (next) expect(file.bytes + sizes[next.firstFrame]).toBeGreaterThan(100)
        }
        expect(files.reduce((sum, file) => sum + file.frames, 0)).toBe(sizes.length)
      }),
    )
  })

  it('refuses sizes that are none', () => {
    for (const bytes of [0, -1, NaN, Infinity]) {
      expect(() => new AfterSize({ bytes })).toThrow(expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }) as Error)
    }
  })
})
