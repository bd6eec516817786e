import { basename, extname } from 'node:path'
import type { RecordedFile } from '../../editing/file-frames.js'
import type { TimeRange } from '../../editing/frames-between.js'
import type { EpochMs } from '../../model.js'
import { strftime } from '../../time/strftime.js'

/** What a piece is named by. */
export interface PieceMoments extends TimeRange {
  /** Wall clock of the first sample of the whole file. */
  readonly startedAt?: EpochMs
  /** IANA zone. */
  readonly timeZone?: string
}

/** Name of a piece: by wall clock where that is known, else by the position in the file. */
export function pieceName(input: string, file: RecordedFile, moments: PieceMoments): string {
  const { header, samples = Infinity } = file.layout
  const { startSeconds, startedAt, timeZone } = moments
  const endSeconds = Math.min(moments.endSeconds, samples / header.info.sampleRateHz)
  const clock = (pattern: string, seconds: number) => strftime(pattern, (startedAt ?? 0) + seconds * 1000, timeZone)
  const end = Number.isFinite(endSeconds) ? endSeconds : undefined
  const stem =
    startedAt === undefined
      ? `${basename(input, extname(input))}_${position(startSeconds)}-${end === undefined ? 'end' : position(end)}`
      : `cut_${clock('%Y%m%d_%H%M%S', startSeconds)}-${end === undefined ? 'end' : clock('%H%M%S', end)}`
  return `${stem}.${header.extension}`
}

/** `90.5` as `0.01.30.500`: colons do not belong into names. */
function position(seconds: number): string {
  const ms = Math.round(seconds * 1000)
  const two = (value: number) => String(Math.floor(value) % 60).padStart(2, '0')
  const rest = ms % 1000
  const text = `${Math.floor(ms / 3_600_000)}.${two(ms / 60_000)}.${two(ms / 1000)}`
  return rest === 0 ? text : `${text}.${String(rest).padStart(3, '0')}`
}
