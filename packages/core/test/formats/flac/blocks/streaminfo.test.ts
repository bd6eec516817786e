import { describe, expect, it } from 'vitest'
import { parseFlacFrameHeader } from '../../../../src/formats/flac/frame-header.js'
import {
  buildFlacStreamInfo,
  FlacTotals,
  parseFlacStreamInfo,
  streamInfoFromFrame,
} from '../../../../src/formats/flac/blocks/streaminfo.js'

// RFC 9639 appendix D.1.2
const EXAMPLE = Buffer.from(
  '100010000000' + '0f00000f0ac442f000000001' + '3e84b41807dc6903075 86a3dad1a2e0f'.replace(' ', ''),
  'hex',
)

describe('STREAMINFO', () => {
  it('reads the example of the specification and writes it back', () => {
    const info = parseFlacStreamInfo(EXAMPLE)!
    expect(info).toMatchObject({
      minBlockSize: 4096,
      maxBlockSize: 4096,
      minFrameBytes: 15,
      maxFrameBytes: 15,
      sampleRateHz: 44100,
      channels: 2,
      bitsPerSample: 16,
      totalSamples: 1,
    })
    expect(Buffer.from(buildFlacStreamInfo(info)).toString('hex')).toBe(EXAMPLE.toString('hex'))
  })

  it('carries the extremes', () => {
    const info = {
      minBlockSize: 16,
      maxBlockSize: 65535,
      minFrameBytes: 0xfffffe,
      maxFrameBytes: 0xffffff,
      sampleRateHz: 1048575,
      channels: 8,
      bitsPerSample: 32,
      totalSamples: 2 ** 36 - 1,
      md5: new Uint8Array(16).fill(0xa5),
    }
    expect(parseFlacStreamInfo(buildFlacStreamInfo(info))).toEqual(info)
  })

  it('refuses what cannot be true', () => {
    expect(parseFlacStreamInfo(new Uint8Array(34))).toBeUndefined()
    expect(parseFlacStreamInfo(EXAMPLE.subarray(0, 33))).toBeUndefined()
  })
})

describe('FlacTotals', () => {
  const base = parseFlacStreamInfo(EXAMPLE)!

  it('keeps the nominal size of a fixed-block-size stream', () => {
    const totals = new FlacTotals(false, 4096)
    totals.add(4096, 500)
    totals.add(17, 30)
    expect(totals.complete(base, base.md5)).toMatchObject({
      minBlockSize: 4096,
      maxBlockSize: 4096,
      minFrameBytes: 30,
      maxFrameBytes: 500,
      totalSamples: 4113,
    })
  })

  it('does not count the last block for the smallest of a variable-block-size stream', () => {
    const totals = new FlacTotals(true, 0)
    for (const size of [4608, 1152, 2304, 100]) totals.add(size, size)
    expect(totals.complete(base, base.md5)).toMatchObject({
      minBlockSize: 1152,
      maxBlockSize: 4608,
      totalSamples: 8164,
    })
  })
})

describe('streamInfoFromFrame', () => {
  it('needs rate and bits in the frame', () => {
    const header = parseFlacFrameHeader(
      Uint8Array.from([0xff, 0xf8, 0x69, 0x18, 0x00, 0x00, 0xbf, 0x03, 0x58, 0xfd, 0x03, 0x12, 0x8b, 0xaa, 0x9a]),
    )!
    expect(streamInfoFromFrame(header)).toMatchObject({ sampleRateHz: 44100, bitsPerSample: 16, maxBlockSize: 16 })
    expect(streamInfoFromFrame({ ...header, sampleRateHz: 0 })).toBeUndefined()
    expect(streamInfoFromFrame({ ...header, bitsPerSample: 0 })).toBeUndefined()
  })
})
