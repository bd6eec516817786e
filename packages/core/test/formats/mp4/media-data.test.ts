import { describe, expect, it } from 'vitest'
import { MEDIA_DATA_HEADER_BYTES, mediaDataHeader } from '../../../src/formats/mp4/media-data.js'

const hex = (sizeBytes?: number) => Buffer.from(mediaDataHeader(sizeBytes)).toString('hex')

describe('mediaDataHeader', () => {
  it('leaves room for a size of 64 bits, and takes it beyond 4 GiB', () => {
    expect(hex()).toBe('0000000866726565' + '000000006d646174')
    expect(hex(1000)).toBe('0000000866726565' + '000003f06d646174')
    expect(hex(0xffffffff - 8)).toBe('0000000866726565' + 'ffffffff6d646174')
    expect(hex(0xffffffff - 7)).toBe('000000016d646174' + '0000000100000008')
    for (const size of [undefined, 5, 2 ** 33]) expect(mediaDataHeader(size)).toHaveLength(MEDIA_DATA_HEADER_BYTES)
  })
})
