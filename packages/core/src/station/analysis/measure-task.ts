import { openWasmDecoder } from '../../decoders/open-decoder.js'
import { FfmpegDecoder } from '../../decoders/ffmpeg/ffmpeg-decoder.js'
import { measureFile } from '../../analysis/measure/measure-file.js'
import type { Measured } from '../../analysis/measure/measurement.js'
import type { RecordedFile } from '../../editing/file-frames.js'
import type { EditProgress } from '../../editing/cut.js'
import type { RandomAccess } from '../../storages/access/random-access.js'
import { writeFileAtomic } from '../../storages/atomic-file.js'
import type { JobContext, JobHandler } from '../../workers/job.js'
import { withRecordedFile } from '../files/open-file.js'
import { startInLedger } from './start-in-ledger.js'
import { storedLevels } from './stored-levels.js'

/** A recording to be measured: plain data. */
export interface MeasureTask {
  /** Path of the recording; absent where it is not on disk. */
  readonly path?: string
  /** Last change of it. */
  readonly modifiedAt: number
  /** Path of its levels: read when they are there, written when not. Absent = neither. */
  readonly levelsPath?: string
  /** Whether loudness is wanted: for that the audio itself is read. */
  readonly loudness: boolean
  /** Whether ffmpeg may be used. */
  readonly ffmpeg: boolean
  /** Folder whose ledger may know when it began, and its name there. */
  readonly ledger?: { readonly directory: string; readonly name: string }
}

/** What was measured: plain data. */
export interface MeasureResult extends Omit<Measured, 'levels'> {
  /** Wall clock of the first sample, when tags or ledger tell. */
  readonly startedAt?: number
}

/** A recording on disk, so that another thread can measure it. */
export type FileTask = MeasureTask & Required<Pick<MeasureTask, 'path'>>

/** Measures a recording on disk, in whatever thread. @throws {@link IsrError}; {@link StorageError} */
export const measureFileTask: JobHandler<FileTask, EditProgress, MeasureResult> = (task, context) => {
  return withRecordedFile(task.path, undefined, ({ file, access }) => measureTask(file, access, task, context))
}

/**
 * Measures a recording.
 * @param access - its bytes; stays the caller's to close
 * @throws {@link IsrError}; {@link StorageError}
 */
export async function measureTask(
  file: RecordedFile,
  access: RandomAccess,
  task: MeasureTask,
  { signal, progress, ownThread }: JobContext<EditProgress>,
): Promise<MeasureResult> {
  const startedAt = file.layout.startedAt ?? (task.ledger && (await startInLedger(task.ledger)))
  const start = startedAt === undefined ? {} : { startedAt: Math.round(startedAt) }
  const stored = task.loudness ? undefined : await storedLevels(task, file, signal)
  if (stored) return { ...stored, ...start }
  const fileDecoder = task.ffmpeg ? await FfmpegDecoder.find() : undefined
  const { levels, ...measured } = await measureFile(file, {
    access,
    openDecoder: openWasmDecoder,
    mayBlock: ownThread,
    loudness: task.loudness,
    signal,
    onProgress: progress,
    ...start,
    ...(fileDecoder && { fileDecoder }),
    ...(task.path !== undefined && { path: task.path }),
  })
  if (levels && task.levelsPath !== undefined) {
    // what cannot be kept is measured again
    await writeFileAtomic(task.levelsPath, levels).catch(() => {})
  }
  return { ...measured, ...start }
}
