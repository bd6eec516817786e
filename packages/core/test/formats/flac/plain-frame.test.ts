import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc16 } from '../../../src/bytes/crc/crc16.js'
import { FlacFrameDecoder } from '../../../src/formats/flac/decode/frame-decoder.js'
import { parseFlacFrameHeader } from '../../../src/formats/flac/frame-header.js'
import { buildPlainFrame } from '../../../src/formats/flac/plain-frame.js'

describe('buildPlainFrame', () => {
  it('makes frames that say what they are and decode to what they hold', () => {
    const decoder = new FlacFrameDecoder()
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 32 }),
        fc.constantFrom(44100, 48000, 11025, 96000),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 300 }),
        (bitsPerSample, sampleRateHz, channels, values) => {
          const planes = Array.from({ length: channels }, (_, channel) =>
            Int32Array.from(values, (value) => (channel === 1 ? values[0] : value) >> (32 - bitsPerSample)),
          )
          const frame = buildPlainFrame(planes, { bitsPerSample, sampleRateHz })
          const header = parseFlacFrameHeader(frame)!
          expect(header).toMatchObject({ number: 0, variableBlockSize: false, blockSize: values.length, channels })
          expect([0, sampleRateHz]).toContain(header.sampleRateHz)
          expect([0, bitsPerSample]).toContain(header.bitsPerSample)
          expect(crc16(frame)).toBe(0)
          expect(decoder.decode(frame, header, bitsPerSample)).toEqual(planes)
        },
      ),
      { numRuns: 100 },
    )
  })
})
