import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../../src/bytes/concat.js'
import type { Encoding } from '../../../src/sources/soundcard/capture-programs.js'
import { FrameAligner } from '../../../src/sources/soundcard/frame-aligner.js'
import { cutAt, cuts } from '../cuts.js'

const ENCODINGS: readonly Encoding[] = [
  { word: 'S16_LE', bytesPerSample: 2 },
  { word: 'S24_3LE', bytesPerSample: 3 },
  { word: 'S24_LE', bytesPerSample: 4, keep: 'low' },
  { word: 's32', bytesPerSample: 4, keep: 'high' },
]

/** The bytes of each sample that are kept. */
const kept = (bytes: Uint8Array, { bytesPerSample, keep }: Encoding) =>
  keep === undefined ? bytes : bytes.filter((_, at) => at % bytesPerSample !== (keep === 'low' ? 3 : 0))

describe('FrameAligner', () => {
  it('gives whole frames only, wherever the pipe cuts, and less than one is left', () => {
    const input = fc.uint8Array({ maxLength: 200 }).chain((bytes) => fc.tuple(fc.constant(bytes), cuts(bytes.length)))
    fc.assert(
      fc.property(
        input,
        fc.constantFrom(...ENCODINGS),
        fc.integer({ min: 1, max: 3 }),
        ([bytes, points], encoding, channels) => {
          const aligner = new FrameAligner(encoding, channels)
          const outBytes = (encoding.keep === undefined ? encoding.bytesPerSample : 3) * channels
          const pieces = cutAt(bytes, points).map((piece) => aligner.push(piece))
          for (const piece of pieces) expect(piece.length % outBytes).toBe(0)
          const whole = bytes.subarray(0, bytes.length - (bytes.length % (encoding.bytesPerSample * channels)))
          expect(concatBytes(pieces)).toEqual(kept(whole, encoding))
          const rest = aligner.rest()
          expect(rest.length).toBeLessThan(outBytes)
          expect(rest.length > 0).toBe(whole.length < bytes.length)
        },
      ),
    )
  })

  it('leaves out the head of an AU file, and nothing of raw samples', () => {
    const [s16] = ENCODINGS
    const samples = Uint8Array.from({ length: 40 }, (_, index) => index)
    const head = Uint8Array.from([0x64, 0x6e, 0x73, 0x2e, 28, 0, 0, 0, ...Array<number>(20).fill(9)])
    for (const input of [samples, concatBytes([head, samples])]) {
      for (const points of [[], [3], [26, 27], Array.from({ length: input.length - 1 }, (_, index) => index + 1)]) {
        const aligner = new FrameAligner(s16, 2, true)
        expect(concatBytes(cutAt(input, points).map((piece) => aligner.push(piece)))).toEqual(samples)
      }
    }
  })
})
