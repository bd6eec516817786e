import { openWasmDecoder } from '../../decoders/open-decoder.js'
import { FfmpegDecoder } from '../../decoders/ffmpeg/ffmpeg-decoder.js'
import { measureFile } from '../../analysis/measure/measure-file.js'
import type { RecordedFile } from '../../editing/file-frames.js'
import type { EditProgress } from '../../editing/cut.js'
import type { RandomAccess } from '../../storages/access/random-access.js'
import { writeFileAtomic } from '../../storages/atomic-file.js'
import type { JobContext, JobHandler } from '../../workers/job.js'
import { withRecordedFile, type OpenedFile } from '../files/open-file.js'
import type { FileTask, MeasureResult, MeasureTask } from './measure-facts.js'
import { startInLedger } from './start-in-ledger.js'
import { storedLevels } from './stored-levels.js'

/** Measures a recording on disk, in whatever thread. @throws {@link IsrError}; {@link StorageError} */
export const measureFileTask: JobHandler<FileTask, EditProgress, MeasureResult> = (task, context) => {
  const measure = ({ file, access }: OpenedFile) => measureTask(file, access, task, context)
  return withRecordedFile(task.path, undefined, measure, task.within)
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
    ...((task.levelsPath !== undefined || task.wantsLevels) && { levels: start }),
    ...(fileDecoder && { fileDecoder }),
    ...(task.path !== undefined && { path: task.path }),
  })
  // what cannot be kept is measured again
  const isKept = levels && task.levelsPath !== undefined && (await isWritten(task.levelsPath, levels))
  return { ...measured, ...start, ...(task.wantsLevels && levels && !isKept && { levels }) }
}

function isWritten(path: string, levels: readonly Uint8Array[]): Promise<boolean> {
  return writeFileAtomic(path, levels).then(
    () => true,
    () => false,
  )
}
