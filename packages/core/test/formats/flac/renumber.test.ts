import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc16 } from '../../../src/bytes/crc/crc16.js'
import { crc8 } from '../../../src/bytes/crc/crc8.js'
import {
  flacNumberLength,
  nextFlacNumber,
  parseFlacFrameHeader,
  writeFlacNumber,
} from '../../../src/formats/flac/frame-header.js'
import { FlacRenumberer } from '../../../src/formats/flac/renumber.js'

/** A frame with `body` for its subframes, made from the specification by hand. */
function makeFrame(first: readonly number[], number: number, extra: readonly number[], body: Uint8Array): Uint8Array {
  const coded = new Uint8Array(7)
  const length = writeFlacNumber(coded, 0, number)
  const head = Uint8Array.from([...first, ...coded.subarray(0, length), ...extra])
  const frame = Uint8Array.from([...head, crc8(head), ...body])
  const crc = crc16(frame)
  return Uint8Array.from([...frame, crc >> 8, crc & 255])
}

describe('frame numbers', () => {
  it('are coded as UTF-8 codes them', () => {
    for (const number of [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xffff, 0x10000, 0x10ffff]) {
      const out = new Uint8Array(7)
      const length = writeFlacNumber(out, 0, number)
      expect(Buffer.from(out.subarray(0, length)).toString('hex')).toBe(
        Buffer.from(String.fromCodePoint(number)).toString('hex'),
      )
    }
  })

  it('take 7 bytes at most', () => {
    expect([2 ** 21 - 1, 2 ** 21, 2 ** 26, 2 ** 31 - 1, 2 ** 31, 2 ** 36 - 1].map(flacNumberLength)).toEqual([
      4, 5, 6, 6, 7, 7,
    ])
  })
})

describe('parseFlacFrameHeader', () => {
  it('reads the example of the specification', () => {
    // RFC 9639 appendix D.1: the only frame of its first example file.
    const frame = Uint8Array.from([
      0xff, 0xf8, 0x69, 0x18, 0x00, 0x00, 0xbf, 0x03, 0x58, 0xfd, 0x03, 0x12, 0x8b, 0xaa, 0x9a,
    ])
    expect(parseFlacFrameHeader(frame)).toEqual({
      variableBlockSize: false,
      number: 0,
      blockSize: 1,
      sampleRateHz: 44100,
      channels: 2,
      channelAssignment: 1,
      bitsPerSample: 16,
      numberBytes: 1,
      headerBytes: 7,
    })
    expect(crc16(frame)).toBe(0)
  })

  it('refuses what the specification reserves', () => {
    const valid = makeFrame([0xff, 0xf8, 0xc9, 0x18], 5, [], new Uint8Array(4))
    expect(parseFlacFrameHeader(valid)?.number).toBe(5)
    for (const first of [
      [0xff, 0xfa, 0xc9, 0x18],
      [0xff, 0xf8, 0x09, 0x18],
      [0xff, 0xf8, 0xcf, 0x18],
      [0xff, 0xf8, 0xc9, 0xb8],
      [0xff, 0xf8, 0xc9, 0x16],
      [0xff, 0xf8, 0xc9, 0x19],
    ]) {
      expect(parseFlacFrameHeader(makeFrame(first, 5, [], new Uint8Array(4)))).toBeUndefined()
    }
    expect(parseFlacFrameHeader(makeFrame([0xff, 0xf8, 0xc9, 0x18], 2 ** 31, [], new Uint8Array(4)))).toBeUndefined()
    expect(
      parseFlacFrameHeader(makeFrame([0xff, 0xf8, 0x79, 0x18], 5, [0xff, 0xff], new Uint8Array(4))),
    ).toBeUndefined()
    for (let length = 0; length < 6; length++) expect(parseFlacFrameHeader(valid.subarray(0, length))).toBeUndefined()
  })

  it('reads every way of saying block size and rate', () => {
    const parse = (second: number, extra: number[]) =>
      parseFlacFrameHeader(makeFrame([0xff, 0xf9, second, 0xa8], 2 ** 35, extra, new Uint8Array(9)))
    expect(parse(0x6c, [0x0f, 0x60])).toMatchObject({ blockSize: 16, sampleRateHz: 96000, number: 2 ** 35 })
    expect(parse(0x7d, [0x0f, 0xff, 0x2b, 0x11])).toMatchObject({ blockSize: 4096, sampleRateHz: 11025 })
    expect(parse(0x1e, [0x11, 0x3a])).toMatchObject({ blockSize: 192, sampleRateHz: 44100 })
    expect(parse(0x50, [])).toMatchObject({ blockSize: 4608, sampleRateHz: 0 })
    expect(parse(0xf9, [])).toMatchObject({ blockSize: 32768, channels: 2, channelAssignment: 10 })
    expect(nextFlacNumber(parse(0xf9, [])!)).toBe(2 ** 35 + 32768)
  })
})

describe('FlacRenumberer', () => {
  const renumberer = new FlacRenumberer()

  it('gives what building the frame anew gives', () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 31 - 1),
        fc.nat(2 ** 31 - 1),
        fc.uint8Array({ minLength: 4, maxLength: 40000, size: 'max' }),
        fc.constantFrom([], [0x12]),
        fc.boolean(),
        (from, to, body, extra, variable) => {
          const first = [0xff, 0xf8, extra.length > 0 ? 0x69 : 0xc9, 0x18]
          const frame = makeFrame(first, from, extra, body)
          if (variable) first[1] = 0xf9
          const renumbered = renumberer.renumber(frame, parseFlacFrameHeader(frame)!, to, variable)
          expect(Buffer.compare(renumbered, makeFrame(first, to, extra, body))).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keeps a wrong CRC-16 wrong', () => {
    const frame = makeFrame([0xff, 0xf8, 0xc9, 0x18], 70000, [], new Uint8Array(99).fill(7))
    frame[50] ^= 1
    const renumbered = renumberer.renumber(frame, parseFlacFrameHeader(frame)!, 3, false)
    expect(crc16(renumbered)).not.toBe(0)
  })

  it('returns the same bytes when the number stays', () => {
    const frame = makeFrame([0xff, 0xf8, 0xc9, 0x18], 70000, [], new Uint8Array(9))
    expect(renumberer.renumber(frame, parseFlacFrameHeader(frame)!, 70000, false)).toBe(frame)
  })
})
