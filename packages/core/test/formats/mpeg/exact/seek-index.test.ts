import { describe, expect, it } from 'vitest'
import { SeekIndex } from '../../../../src/formats/mpeg/exact/seek-index.js'

/** The table of contents by its definition, from every offset. */
function tocOf(offsets: readonly number[], frames: number, bytes: number): number[] {
  return Array.from({ length: 100 }, (_, percent) =>
    Math.min(255, Math.floor((offsets[Math.floor((percent * frames) / 100)] * 256) / bytes)),
  )
}

describe('SeekIndex', () => {
  it('counts frames and bytes', () => {
    const index = new SeekIndex(208)
    for (const length of [417, 418, 417]) index.add(length)
    expect([index.frames, index.bytes]).toEqual([3, 208 + 1252])
  })

  it('is empty without frames', () => {
    expect([...new SeekIndex(208).toc()].every((entry) => entry === 255)).toBe(true)
  })

  it('gives the exact table of a short file and one within one part in 256 of a long one', () => {
    for (const frames of [1, 7, 100, 1024, 1025, 5000, 137_813]) {
      const index = new SeekIndex(208)
      const offsets: number[] = []
      let at = 208
      for (let frame = 0; frame < frames; frame++) {
        // a rate that swells and falls
        const length = 200 + Math.floor(150 * Math.sin((frame * 20) / frames)) + (frame % 7)
        offsets.push(at)
        index.add(length)
        at += length
      }
      const expected = tocOf(offsets, frames, at)
      const toc = [...index.toc()]
      const off = toc.map((entry, percent) => Math.abs(entry - expected[percent]))
      expect(Math.max(...off)).toBeLessThanOrEqual(frames <= 1024 ? 0 : 1)
      expect(toc.every((entry, percent) => percent === 0 || entry >= toc[percent - 1])).toBe(true)
    }
  })
})
