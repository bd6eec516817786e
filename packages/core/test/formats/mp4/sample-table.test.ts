import { describe, expect, it } from 'vitest'
import { SampleTable } from '../../../src/formats/mp4/sample-table.js'

/** The numbers of a full box of this type, version and flags aside. */
function numbersOf(boxes: Uint8Array, type: string): number[] {
  const bytes = Buffer.from(boxes)
  const at = bytes.indexOf(type)
  if (at < 0) return []
  const size = bytes.readUInt32BE(at - 4)
  return Array.from({ length: (size - 12) / 4 }, (_, index) => bytes.readUInt32BE(at + 8 + 4 * index))
}

function tableOf(frames: number, startByte: number): Uint8Array {
  const table = new SampleTable(1024, 10_240)
  for (let frame = 0; frame < frames; frame++) table.add(startByte + 100 * frame, 100 + (frame % 2))
  return table.build(new Uint8Array(0))
}

describe('SampleTable', () => {
  it('counts frames, chunks of a second and the rest', () => {
    expect(numbersOf(tableOf(25, 48), 'stts')).toEqual([1, 25, 1024])
    expect(numbersOf(tableOf(25, 48), 'stsc')).toEqual([2, 1, 10, 1, 3, 5, 1])
    expect(numbersOf(tableOf(20, 48), 'stsc')).toEqual([1, 1, 10, 1])
    expect(numbersOf(tableOf(7, 48), 'stsc')).toEqual([1, 1, 7, 1])
    expect(numbersOf(tableOf(0, 48), 'stsc')).toEqual([0])
    expect(numbersOf(tableOf(3, 48), 'stsz')).toEqual([0, 3, 100, 101, 100])
    expect(numbersOf(tableOf(25, 48), 'stco')).toEqual([3, 48, 1048, 2048])
  })

  it('keeps the sizes of many frames', () => {
    const sizes = numbersOf(tableOf(5000, 0), 'stsz')
    expect(sizes.slice(0, 2)).toEqual([0, 5000])
    expect(sizes.slice(2).every((size, frame) => size === 100 + (frame % 2))).toBe(true)
  })

  it('has long offsets beyond 4 GiB', () => {
    const table = tableOf(15, 2 ** 32 - 1000)
    expect(numbersOf(table, 'stco')).toEqual([])
    expect(numbersOf(table, 'co64')).toEqual([2, 0, 2 ** 32 - 1000, 1, 0])
  })
})
