import type { OpenDecoder } from '../decoders/decoder.js'
import { IsrError } from '../errors.js'
import { WavHeader } from '../formats/wav/header.js'
import { buildFmt } from '../formats/wav/fmt-chunk.js'
import { checkRange, emptySpan, type EditOptions } from './cut.js'
import { decodeBetween } from './decode/decode-between.js'
import { pcmBytes } from './decode/pcm-bytes.js'
import type { RecordedFile } from './file-frames.js'
import type { TimeRange } from './frames-between.js'
import { smallWav } from './small-wav.js'

/** What {@link clipPiece} is told. */
export interface ClipPieceOptions extends TimeRange, EditOptions {
  /** No longer than this, in seconds. */
  readonly maxSeconds: number
  /** Opens decoders. */
  readonly openDecoder: OpenDecoder
}

/** A decoded piece of a file. */
export interface Clip {
  /** A whole WAV file of 16-bit samples. */
  readonly wav: Uint8Array
  /** Where it begins in the file: the sample nearest to the time asked for. */
  readonly startSeconds: number
  /** Samples per channel: exactly as long as asked for, unless the file ends before. */
  readonly samples: number
  /** Rate in Hz. */
  readonly sampleRateHz: number
  /** Number of channels. */
  readonly channels: number
}

/**
 * Decodes a stretch of a file, exact to the sample, into a small WAV file in memory.
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID`, `ISR_SPAN_EMPTY`, `ISR_DECODER_MISSING` and others; {@link StorageError}
 */
export async function clipPiece(file: RecordedFile, options: ClipPieceOptions): Promise<Clip> {
  const { startSeconds, endSeconds, maxSeconds, onProgress } = options
  checkRange(options)
  // what is asked for in seconds is not exact to the last digit
  if (endSeconds - startSeconds > maxSeconds + 1e-6) {
    throw new IsrError(
      'ISR_ARGUMENT_INVALID',
      `a clip is at most ${maxSeconds} s long, and this would be ${endSeconds - startSeconds} s`,
    )
  }
  const parts: Uint8Array[] = []
  let facts: Omit<Clip, 'wav' | 'samples'> | undefined
  let samples = 0
  for await (const { planes, header, startSeconds: at } of decodeBetween(file, options, options)) {
    const { sampleRateHz, channels } = header.info
    facts ??= { startSeconds: at, sampleRateHz, channels }
    parts.push(pcmBytes(planes, 's16'))
    samples += planes[0].length
    onProgress?.({ doneSeconds: samples / sampleRateHz, totalSeconds: endSeconds - startSeconds })
  }
  if (!facts) throw emptySpan(file, options)
  const { sampleRateHz, channels } = facts
  const fmt = buildFmt(new WavHeader({ layout: { sampleRateHz, channels, sampleFormat: 's16' } }))
  return { ...facts, samples, wav: smallWav(fmt, parts) }
}
