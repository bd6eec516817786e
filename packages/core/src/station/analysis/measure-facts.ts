import type { Measured } from '../../analysis/measure/measurement.js'

/** A recording to be measured: plain data. */
export interface MeasureTask {
  /** Path of the recording; absent where it is not on disk. */
  readonly path?: string
  /** Folder that it must lie in; absent = anywhere. */
  readonly within?: string
  /** Last change of it. */
  readonly modifiedAt: number
  /** Path of its levels: read when they are there, written when not. Absent = neither. */
  readonly levelsPath?: string
  /** Whether loudness is wanted: for that the audio itself is read. */
  readonly loudness: boolean
  /** Whether levels that could not be written come with the result. */
  readonly wantsLevels?: boolean
  /** Whether ffmpeg may be used. */
  readonly ffmpeg: boolean
  /** Folder whose ledger may know when it began, and its name there. */
  readonly ledger?: { readonly directory: string; readonly name: string }
}

/** What was measured: plain data. */
export interface MeasureResult extends Measured {
  /** Wall clock of the first sample, when tags or ledger tell. */
  readonly startedAt?: number
}

/** A recording on disk, so that another thread can measure it. */
export type FileTask = MeasureTask & Required<Pick<MeasureTask, 'path'>>
