import type { Clip } from '../../editing/clip.js'
import type { Spectrogram } from '../../analysis/spectrum/spectrogram.js'
import type { EditOptions, EditProgress } from '../../editing/cut.js'
import type { JobHandler } from '../../workers/job.js'
import { clip, type ClipOptions } from '../files/clip.js'
import { cut, type CutOptions, type CutResult } from '../files/cut.js'
import { exportRecordings, type ExportOptions, type ExportResult } from '../files/export.js'
import { spectrogram, type SpectrogramOptions } from '../files/spectrogram.js'

/** Options that can go to another thread: without functions, and with the built-in formats alone. */
export type SendableOptions<Options> = Omit<Options, keyof EditOptions | 'formats'>

/** One kind of work. */
export interface EditKind<Options, Result> {
  /** What it is told. */
  readonly options: Options
  /** What it makes. */
  readonly result: Result
}

/** What an {@link Editor} does, by its name. */
export interface EditTasks {
  /** See `cut`. */
  readonly cut: EditKind<SendableOptions<CutOptions>, CutResult>
  /** See `clip`. */
  readonly clip: EditKind<SendableOptions<ClipOptions>, Clip>
  /** See `exportRecordings`. */
  readonly export: EditKind<SendableOptions<ExportOptions>, ExportResult>
  /** See `spectrogram`. */
  readonly spectrogram: EditKind<SendableOptions<SpectrogramOptions>, Spectrogram>
}

/** One piece of work. */
export type EditTask = {
  readonly [Kind in keyof EditTasks]: { readonly kind: Kind } & EditTasks[Kind]['options']
}[keyof EditTasks]
/** What becomes of it. */
export type EditResult = EditTasks[keyof EditTasks]['result']

/** Does one piece of work. @throws {@link IsrError} */
export const edit: JobHandler<EditTask, EditProgress, EditResult> = (task, { signal, progress: onProgress }) => {
  const options = { signal, onProgress }
  if (task.kind === 'cut') return cut({ ...task, ...options })
  if (task.kind === 'clip') return clip({ ...task, ...options })
  if (task.kind === 'spectrogram') return spectrogram({ ...task, ...options })
  return exportRecordings({ ...task, ...options })
}
