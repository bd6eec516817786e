import { concatBytes } from '../../../src/bytes/concat.js'
import { wavFormat } from '../../../src/formats/wav/index.js'
import { PcmFramer } from '../../../src/formats/wav/pcm-framer.js'

/** Bytes of a sample of both channels. */
export const WAV_FRAME_BYTES = 4

/** A growing WAV file of so many samples: no encoder is needed to make one. */
export function growingWav(samples: number): Uint8Array {
  const parts: Uint8Array[] = []
  const framer = new PcmFramer(
    { sampleRateHz: 8000, channels: 2, sampleFormat: 's16' },
    {
      onSpan(span) {
        const muxer = wavFormat.createMuxer(span.header, {
          join: 'exact',
          history: [],
          startedAt: Date.UTC(2026, 10, 22),
          utcOffsetMinutes: 0,
          source: 's',
          serial: 1,
          opusPrerollMs: 400,
        })
        parts.push(muxer.begin(), muxer.write(span))
      },
      onDiscard: () => {},
    },
  )
  framer.push(Uint8Array.from({ length: samples * WAV_FRAME_BYTES }, (_, index) => index))
  return concatBytes(parts)
}
