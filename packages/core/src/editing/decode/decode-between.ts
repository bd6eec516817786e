import type { OpenDecoder, Planes } from '../../decoders/decoder.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { RecordedFile } from '../file-frames.js'
import { framesBetween, type TimeRange } from '../frames-between.js'
import { planeSamples, slicePlanes } from './planes.js'
import { openSpanDecoder } from './open-span-decoder.js'
import type { SpanDecoder } from './span-decoder.js'

/** Options of {@link decodeBetween}. */
export interface DecodeOptions {
  /** Opens what is not decoded in our own code. */
  readonly openDecoder: OpenDecoder
  /** Goes on where another logical stream begins inside the range; its parts have its header. Default false: an error. */
  readonly acrossStreams?: boolean
  /** Stops it with `ISR_STOPPED`. */
  readonly signal?: AbortSignal
}

/** Decoded audio. */
export interface DecodedPart {
  /** The samples; they may be used until the next part is asked for. */
  readonly planes: Planes
  /** The headers of the stream that they come from. */
  readonly header: HeaderCapture
  /** Seconds of audio of the file before them. */
  readonly startSeconds: number
}

/**
 * The samples of a file from the one nearest `startSeconds` up to the one nearest `endSeconds`, in pieces, exactly as many as
 * that unless the file ends before.
 *
 * @throws {@link IsrError} `ISR_DECODER_MISSING`, `ISR_DECODE_FAILED`, `ISR_FORMATS_DIFFER`, `ISR_STOPPED`; {@link StorageError}
 */
export async function* decodeBetween(
  file: RecordedFile,
  range: TimeRange,
  { openDecoder, acrossStreams, signal }: DecodeOptions,
): AsyncGenerator<DecodedPart, void, undefined> {
  const { historySeconds } = file.format
  let decoder: SpanDecoder | undefined
  let header = file.layout.header
  /** Samples before the range that the decoder still gives, then samples of the range that are still wanted. */
  let toDrop = 0
  let wanted = 0
  let startSeconds = 0
  const take = (planes: Planes): DecodedPart | undefined => {
    const from = Math.min(toDrop, planeSamples(planes))
    const to = Math.min(from + wanted, planeSamples(planes))
    toDrop -= from
    wanted -= to - from
    if (to === from) return undefined
    const part = { planes: slicePlanes(planes, from, to), header, startSeconds }
    startSeconds += (to - from) / header.info.sampleRateHz
    return part
  }
  try {
    const options = { historySeconds, overlapping: true, acrossStreams, signal }
    for await (const found of framesBetween(file, range, options)) {
      if (decoder && found.span.header !== header) {
        const last = take(await decoder.end())
        if (last) yield last
        decoder.close()
        decoder = undefined
      }
      if (!decoder) {
        header = found.span.header
        const rateHz = header.info.sampleRateHz
        toDrop = Math.max(0, Math.round(range.startSeconds * rateHz) - Math.round(found.startSeconds * rateHz))
        startSeconds = found.startSeconds + toDrop / rateHz
        wanted = Math.round(range.endSeconds * rateHz) - Math.round(startSeconds * rateHz)
        decoder = await openSpanDecoder({ first: found.span, history: found.history ?? [], openDecoder })
      }
      const part = take(await decoder.decode(found.span))
      if (part) yield part
    }
    const last = decoder && take(await decoder.end())
    if (last) yield last
  } finally {
    decoder?.close()
  }
}
