import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PcmFramer } from '../../../src/formats/wav/pcm-framer.js'
import { frameBytes } from '../support/frame-bytes.js'

describe('PcmFramer', () => {
  it('gives whole samples of all channels, however the bytes are cut', () => {
    const layouts = fc.record({
      sampleRateHz: fc.constantFrom(8000, 48000),
      channels: fc.integer({ min: 1, max: 8 }),
      sampleFormat: fc.constantFrom('s16' as const, 's24' as const, 's32' as const, 'f32' as const),
    })
    fc.assert(
      fc.property(
        layouts,
        fc.uint8Array({ maxLength: 500 }),
        fc.array(fc.nat(50), { minLength: 1 }),
        (layout, bytes, sizes) => {
          const blockAlign = layout.channels * { s16: 2, s24: 3, s32: 4, f32: 4 }[layout.sampleFormat]
          const { spans, headers, discards, frames } = frameBytes((sink) => new PcmFramer(layout, sink), bytes, sizes)
          const whole = Math.floor(bytes.length / blockAlign)
          expect(Buffer.concat(spans.map((span) => span.bytes)).equals(bytes.subarray(0, whole * blockAlign))).toBe(
            true,
          )
          expect(spans.reduce((sum, span) => sum + span.samples, 0)).toBe(whole)
          expect(frames.every((frame) => frame.length === blockAlign)).toBe(true)
          expect(headers.length).toBe(whole > 0 ? 1 : 0)
          const rest = bytes.length % blockAlign
          expect(discards).toEqual(rest > 0 ? { 'partial-frame': rest } : {})
          if (headers[0]) expect(headers[0].info.bitrateBps).toBe(layout.sampleRateHz * blockAlign * 8)
        },
      ),
    )
  })
})
