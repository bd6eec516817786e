import { IsrError } from '../errors.js'
import type { Format, SplitJoin } from '../formats/format.js'
import type { EpochMs } from '../model.js'
import type { NewFile } from '../storages/storage.js'
import { utcOffsetMinutes } from '../time/strftime.js'
import { serialOf } from '../recorder/run/serial.js'
import type { RecordedFile } from './file-frames.js'
import { framesBetween, type TimeRange } from './frames-between.js'
import { PieceWriter } from './piece-writer.js'

/** How far a long piece of work is. */
export interface EditProgress {
  /** Seconds of audio done. */
  readonly doneSeconds: number
  /** Seconds of audio in all, as far as that is known. */
  readonly totalSeconds: number
}

/** Options that all work on recorded files shares. */
export interface EditOptions {
  /** Stops it with `ISR_STOPPED`; no file stays. */
  readonly signal?: AbortSignal
  /** Told now and then how far it is. */
  readonly onProgress?: (progress: EditProgress) => void
}

/** What {@link cutPiece} is told of the piece. */
export interface PieceOptions extends TimeRange, EditOptions {
  /** Name of the source for the tags. */
  readonly source: string
  /** Wall clock of the first sample of the whole file; absent = what its tags say. */
  readonly startedAt?: EpochMs
  /** Title for the tags. */
  readonly title?: string
  /** IANA zone of the times in tags. Default the system's. */
  readonly timeZone?: string
  /** How the piece joins its neighbours. */
  readonly join: SplitJoin
  /** Hidden pre-roll of Opus, in milliseconds. */
  readonly opusPrerollMs: number
  /** Makes the new file. Default the format of the old one. */
  readonly container?: Pick<Format, 'name' | 'historySeconds' | 'createMuxer'>
}

/** A piece of a file, as it really became. */
export interface Piece {
  /** Name of its format. */
  readonly format: string
  /** Where it begins in the file: the first frame at or after the time asked for. */
  readonly startSeconds: number
  /** Where it ends. */
  readonly endSeconds: number
  /** Wall clock of its first sample; absent when the file does not tell. */
  readonly startedAt?: EpochMs
  /** Samples per channel. */
  readonly samples: number
  /** Frames, hidden pre-roll excluded. */
  readonly frames: number
  /** Hidden frames before them. */
  readonly prerollFrames: number
  /** Size of the new file. */
  readonly bytes: number
}

/**
 * Copies the frames of a stretch of a file into a new one that plays alone, without re-encoding. In formats that join exactly it
 * decodes to exactly the samples that the whole file has there.
 *
 * @param output - not committed here
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID`, `ISR_SPAN_EMPTY`, `ISR_FORMATS_DIFFER`, `ISR_STOPPED`; {@link StorageError}
 */
export async function cutPiece(file: RecordedFile, output: NewFile, options: PieceOptions): Promise<Piece> {
  checkRange(options)
  const { layout } = file
  const format = options.container ?? file.format
  const { join, source, title, timeZone, opusPrerollMs, signal, onProgress } = options
  const fileStartedAt = options.startedAt ?? layout.startedAt
  const totalSeconds = expectedSeconds(file, options)
  let writer: PieceWriter | undefined
  let startSeconds = 0
  let rateHz = 1
  for await (const found of framesBetween(file, options, { historySeconds: format.historySeconds, signal })) {
    if (!writer) {
      startSeconds = found.startSeconds
      rateHz = found.span.header.info.sampleRateHz
      const startedAt = momentOf(fileStartedAt, startSeconds)
      const serial = serialOf(output.path, Math.round(startSeconds * rateHz))
      const offset = startedAt === undefined ? 0 : utcOffsetMinutes(startedAt, timeZone)
      writer = new PieceWriter({
        format,
        output,
        context: { join, source, title, startedAt, utcOffsetMinutes: offset, serial, opusPrerollMs },
      })
    }
    await writer.write(found.span, found.history)
    onProgress?.({ doneSeconds: writer.counts.samples / rateHz, totalSeconds })
  }
  if (!writer) throw emptySpan(file, options)
  await writer.finish()
  const { samples, frames, prerollFrames } = writer.counts
  const startedAt = momentOf(fileStartedAt, startSeconds)
  return {
    format: format.name,
    startSeconds,
    endSeconds: startSeconds + samples / rateHz,
    ...(startedAt !== undefined && { startedAt }),
    samples,
    frames,
    prerollFrames,
    bytes: writer.bytes,
  }
}

/** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` */
export function checkRange({ startSeconds, endSeconds }: TimeRange): void {
  const sane = Number.isFinite(startSeconds) && startSeconds >= 0 && endSeconds > startSeconds
  if (sane) return
  throw new IsrError(
    'ISR_ARGUMENT_INVALID',
    `from ${startSeconds} s to ${endSeconds} s: the start must be 0 or more, and the end behind it`,
  )
}

/** What to say when no frame begins inside the range. */
export function emptySpan({ layout }: RecordedFile, { startSeconds, endSeconds }: TimeRange): IsrError {
  const { samples, header } = layout
  const length = samples === undefined ? '' : `; it is ${(samples / header.info.sampleRateHz).toFixed(3)} s long`
  return new IsrError('ISR_SPAN_EMPTY', `the file has no audio from ${startSeconds} s to ${endSeconds} s${length}`)
}

/** How long the piece will be, as far as the file tells. */
function expectedSeconds({ layout }: RecordedFile, { startSeconds, endSeconds }: TimeRange): number {
  const { samples = Infinity, header } = layout
  return Math.max(0, Math.min(endSeconds, samples / header.info.sampleRateHz) - startSeconds)
}

function momentOf(fileStartedAt: EpochMs | undefined, startSeconds: number): EpochMs | undefined {
  return fileStartedAt === undefined ? undefined : fileStartedAt + startSeconds * 1000
}
