import { describe, expect, it } from 'vitest'
import { clockOf, fitChapters } from '../../../src/formats/tags/chapter.js'

const chapters = Array.from({ length: 10 }, (_, index) => ({
  startSample: index,
  startMs: index,
  endMs: index + 1,
  name: `song ${index}`,
}))
const bytesOf = () => 10

describe('fitChapters', () => {
  it('keeps all that fit', () => {
    expect(fitChapters(chapters, { roomBytes: 100, bytesOf, most: 10 })).toEqual(chapters)
    expect(fitChapters([], { roomBytes: 0, bytesOf, most: 10 })).toEqual([])
  })

  it.each([
    ['bytes', 35, 10],
    ['numbers', 1000, 3],
  ])('gives no title for time that it was not in force: too few %s', (_, roomBytes, most) => {
    expect(fitChapters(chapters, { roomBytes, bytesOf, most })).toEqual([
      chapters[0],
      chapters[1],
      { startSample: 2, startMs: 2, endMs: 10, name: '...' },
    ])
  })

  it('has none rather than one without a title', () => {
    expect(fitChapters(chapters, { roomBytes: 19, bytesOf, most: 10 })).toEqual([])
    expect(fitChapters(chapters.slice(0, 1), { roomBytes: 9, bytesOf, most: 10 })).toEqual([])
  })

  it('never takes more than the room, whatever chapters take', () => {
    const bytesOf = ({ name }: { name: string }, number: number) => 5 + name.length + String(number).length
    for (let roomBytes = 0; roomBytes < 150; roomBytes++) {
      const fitting = fitChapters(chapters, { roomBytes, bytesOf, most: 99 })
      const taken = fitting.reduce((sum, chapter, index) => sum + bytesOf(chapter, index + 1), 0)
      expect(taken).toBeLessThanOrEqual(roomBytes)
      expect(fitting.length === 0 || fitting.at(-1)!.endMs === 10).toBe(true)
    }
  })
})

describe('clockOf', () => {
  it('writes hours, minutes, seconds and milliseconds', () => {
    expect(clockOf(0)).toBe('00:00:00.000')
    expect(clockOf(185_250)).toBe('00:03:05.250')
    expect(clockOf(86_399_999)).toBe('23:59:59.999')
    expect(clockOf(360_000_001)).toBe('100:00:00.001')
  })
})
