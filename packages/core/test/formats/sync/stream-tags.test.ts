import { describe, expect, it } from 'vitest'
import { tagBytes, UNDECIDED } from '../../../src/formats/sync/stream-tags.js'
import { join } from '../support/framing.js'

const id3 = (flags: number, ...size: number[]) => join('ID3\x04\0', Uint8Array.of(flags, ...size), 'more')
const ape = (flags: number, size: number) => {
  const header = Buffer.alloc(40)
  header.write('APETAGEX')
  header.writeUInt32LE(2000, 8)
  header.writeUInt32LE(size, 12)
  header.writeUInt32LE(flags >>> 0, 20)
  return Uint8Array.from(header)
}

describe('tagBytes', () => {
  it('measures an ID3v2 tag, with its footer', () => {
    expect(tagBytes(id3(0, 0, 0, 2, 1), 0, false)).toBe(10 + 257)
    expect(tagBytes(id3(0x10, 0, 0, 2, 1), 0, false)).toBe(20 + 257)
    expect(tagBytes(id3(0, 0x7f, 0x7f, 0x7f, 0x7f), 0, false)).toBe(10 + 2 ** 28 - 1)
  })

  it('takes no other bytes for one', () => {
    expect(tagBytes(id3(0x01, 0, 0, 2, 1), 0, false)).toBe(0)
    expect(tagBytes(id3(0, 0, 0x80, 2, 1), 0, false)).toBe(0)
    expect(tagBytes(join('ID3\xff\0\0\0\0\0\0'), 0, false)).toBe(0)
    expect(tagBytes(join('Icecast'), 0, false)).toBe(0)
    expect(tagBytes(join('xTAG'), 0, false)).toBe(0)
    expect(tagBytes(new Uint8Array(0), 0, true)).toBe(0)
  })

  it('measures ID3v1 and APE tags', () => {
    expect(tagBytes(join('..TAGtitle'), 2, false)).toBe(128)
    expect(tagBytes(ape(0xa0000000, 500), 0, false)).toBe(532)
    expect(tagBytes(ape(0x80000000, 500), 0, false)).toBe(32) // a footer
  })

  it('waits for bytes that decide, but not at the end of the stream', () => {
    const tags = [
      ['ID3\x04\0\0\0\0\0', 9],
      ['TA', 2],
      ['APETAGEX\xd0\x07\0\0', 12],
    ] as const
    for (const [text, length] of tags) {
      for (let there = 1; there <= length; there++) {
        expect(tagBytes(join(text).subarray(0, there), 0, false)).toBe(UNDECIDED)
        expect(tagBytes(join(text).subarray(0, there), 0, true)).toBe(0)
      }
    }
  })
})
