import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashFrames } from '../../../src/recorder/stitch/hash-frames.js'

const hash = (bytes: Uint8Array, start = 0, end = bytes.length, seed = 0) =>
  [...hashFrames(bytes, Int32Array.of(start, end), 1, seed)].join()

describe('hashFrames', () => {
  it('gives equal frames the same sum, wherever they stand and whatever is around them', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array(),
        (a, before, behind) => {
          const whole = Uint8Array.of(...before, ...a, ...behind)
          expect(hash(whole, before.length, before.length + a.length)).toBe(hash(a))
        },
      ),
    )
  })

  it('gives frames that differ in one bit another sum', () => {
    for (const length of [1, 3, 15, 16, 17, 63, 64, 65, 100, 130, 418]) {
      const frame = new Uint8Array(length)
      const sums = new Set([hash(frame)])
      for (let bit = 0; bit < 8 * length; bit++) {
        frame[bit >> 3] = 1 << (bit & 7)
        sums.add(hash(frame))
        frame[bit >> 3] = 0
      }
      expect(sums.size).toBe(8 * length + 1)
    }
  })

  it('tells frames of silence by their length, and words by their place', () => {
    const silence = new Uint8Array(500)
    expect(new Set(Array.from({ length: 500 }, (_, length) => hash(silence, 0, length))).size).toBe(500)
    const words = Array.from({ length: 32 }, (_, word) => hash(new Uint8Array(512).fill(7, word * 16, word * 16 + 16)))
    expect(new Set(words).size).toBe(32)
  })

  it('tells streams by their seed', () => {
    const frame = Uint8Array.of(1, 2, 3)
    expect(hash(frame, 0, 3, 1)).not.toBe(hash(frame, 0, 3, 2))
  })

  it('gives many frames at once the sums of each, in memory of any size', () => {
    for (const length of [40, 5000, 300_000]) {
      const bytes = Uint8Array.from({ length }, (_, at) => Math.imul(at, 0x9e3779b1) >>> 21)
      const ranges = Int32Array.from({ length: 20 }, (_, at) => Math.floor(((at + 1) >> 1) * (length / 11)))
      const sums = [...hashFrames(bytes, ranges, 10, 5)]
      for (let frame = 0; frame < 10; frame++) {
        const own = hash(bytes, ranges[2 * frame], ranges[2 * frame + 1], 5)
        expect(sums.slice(2 * frame, 2 * frame + 2).join()).toBe(own)
      }
    }
  })
})
