import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chapterRoomBytes, difference, TAG_BLOCK_BYTES, tagPatch } from '../../../src/formats/tags/tag-room.js'

describe('chapterRoomBytes', () => {
  it('is what the first block leaves, and little while no title is known', () => {
    expect(chapterRoomBytes(300, true)).toBe(TAG_BLOCK_BYTES - 300)
    expect(chapterRoomBytes(300, false)).toBe(1536)
    expect(chapterRoomBytes(4000, false)).toBe(96)
    expect(chapterRoomBytes(100_000, true)).toBe(0)
  })
})

describe('difference', () => {
  it('turns what stands there into what shall stand there, touching nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (one, other) => {
        const before = one.subarray(0, other.length)
        const after = other.subarray(0, before.length)
        const file = Uint8Array.of(1, 2, 3, ...before, 4)
        for (const { offsetBytes, bytes } of difference(before, after, 3)) {
          expect(bytes.length).toBeGreaterThan(0)
          expect(bytes[0]).not.toBe(file[offsetBytes])
          file.set(bytes, offsetBytes)
        }
        expect(file).toEqual(Uint8Array.of(1, 2, 3, ...after, 4))
      }),
    )
  })

  it('is nothing between pieces of different length', () => {
    expect(difference(Uint8Array.of(1), Uint8Array.of(1, 2), 0)).toEqual([])
  })
})

describe('tagPatch', () => {
  it('stays in the first block, where one write is whole or not at all', () => {
    const before = new Uint8Array(10)
    const after = Uint8Array.of(0, 7, 0, 0, 0, 0, 0, 0, 9, 0)
    expect(tagPatch(before, after, TAG_BLOCK_BYTES - 9)).toHaveLength(1)
    expect(tagPatch(before, after, TAG_BLOCK_BYTES - 8)).toEqual([])
  })
})
