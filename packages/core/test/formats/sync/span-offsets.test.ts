import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IndexedSpan } from '../../../src/formats/frame-span.js'
import { HeaderCapture } from '../../../src/formats/header-capture.js'
import { SpanOffsets } from '../../../src/formats/sync/span-offsets.js'

const header = new HeaderCapture({
  format: 'mp3',
  extension: 'mp3',
  info: { codec: 'mp3', sampleRateHz: 44_100, channels: 2, bitrateBps: 0 },
})

it('gives spans what was added, again and again in the same room', () => {
  const frame = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom(576, 576, 576, 1152))
  const offsets = new SpanOffsets()
  fc.assert(
    fc.property(fc.array(fc.array(frame, { minLength: 1, maxLength: 20 }), { maxLength: 5 }), (rows) => {
      const spans = rows.map((frames) => {
        offsets.begin()
        let end = 0
        for (const [length, samples] of frames) offsets.add((end += length), samples)
        return new IndexedSpan(header, new Uint8Array(end), offsets.bytes, offsets.samples)
      })
      for (const [row, span] of spans.entries()) {
        const lengths = Array.from({ length: span.frames }, (_, frame) => span.frame(frame).length)
        const samples = Array.from(lengths, (_, frame) => span.sampleOffset(frame + 1) - span.sampleOffset(frame))
        expect(lengths.map((length, index) => [length, samples[index]])).toEqual(rows[row])
        expect(span.samples).toBe(rows[row].reduce((sum, [, count]) => sum + count, 0))
      }
    }),
  )
})

it('takes one number for frames that hold equally many samples', () => {
  const offsets = new SpanOffsets()
  for (const lengths of [[3, 5], [4]]) {
    offsets.begin()
    let end = 0
    for (const length of lengths) offsets.add((end += length), 1152)
    expect(offsets.samples).toBe(1152)
  }
})
