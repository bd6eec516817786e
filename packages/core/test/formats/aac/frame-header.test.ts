import { describe, expect, it } from 'vitest'
import { claimedFrameBytes, frameBytes, frameSamples, parseFrameHeader } from '../../../src/formats/aac/frame-header.js'

describe('parseFrameHeader', () => {
  it('reads every field', () => {
    // MPEG-4, no CRC, LC, 44.1 kHz, stereo, 371 bytes, one block
    expect(parseFrameHeader(Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x2e, 0x7f, 0xfc))).toEqual({
      objectType: 2,
      sampleRateHz: 44100,
      channelConfiguration: 2,
      channels: 2,
      protected: false,
      frameBytes: 371,
      samples: 1024,
      rawDataOffset: 7,
    })
    // MPEG-2, CRC, Main, 7350 Hz, 7.1, longest, four blocks
    expect(parseFrameHeader(Uint8Array.of(0xff, 0xf8, 0x31, 0xc3, 0xff, 0xff, 0xff))).toEqual({
      objectType: 1,
      sampleRateHz: 7350,
      channelConfiguration: 7,
      channels: 8,
      protected: true,
      frameBytes: 8191,
      samples: 4096,
      rawDataOffset: 15,
    })
  })

  it('sees none where none is', () => {
    expect(parseFrameHeader(Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x2e, 0x7f))).toBeUndefined()
    expect(parseFrameHeader(Uint8Array.of(0xff, 0xfb, 0x90, 0x64, 0, 0, 0))).toBeUndefined()
    expect(parseFrameHeader(new Uint8Array(7))).toBeUndefined()
  })

  it('agrees with the fast readers', () => {
    const bytes = Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x2e, 0x7f, 0xfc)
    expect([frameBytes(bytes, 0), claimedFrameBytes(bytes, 0), frameSamples(bytes, 0)]).toEqual([371, 371, 1024])
  })
})
