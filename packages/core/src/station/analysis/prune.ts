import { join, resolve } from 'node:path'
import { FileStorage } from '../../storages/file-storage.js'
import { StorageError } from '../../errors.js'
import { isFolder } from '../../storages/is-folder.js'
import { TrashFolder } from '../../storages/trash/trash-folder.js'
import { systemClock, type Clock } from '../../time/clock.js'
import { ANALYSES_FOLDER, ANALYSIS_SUFFIX, LEVELS_SUFFIX } from './analyses-folder.js'

/** Options of {@link pruneAnalyses}. */
export interface PruneOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Folder of the analyses. @defaultValue `analyses` in the folder of the recordings */
  readonly analysesDirectory?: string
  /** Time. @defaultValue the machine's clock */
  readonly clock?: Clock
  /** Ends it between two files, without an error. */
  readonly signal?: AbortSignal
}

/** The name of the recording before what is ours. */
const OURS = new RegExp(
  `^(.+)(?:${[ANALYSIS_SUFFIX, LEVELS_SUFFIX].map((suffix) => suffix.replaceAll('.', '\\.')).join('|')})`,
)
/** What a crash leaves of a file that was being replaced. */
const TORN = /^\.\d+\.[0-9a-f]{8}\.tmp$/
/** Nobody writes at one file for so long. */
const TORN_AGE_MS = 3_600_000

/**
 * Removes analyses and levels whose recording is gone for good, and what a crash has left of any; those of a recording that can still be
 * put back stay. Removes nothing else, and follows no links.
 * @returns what was removed, as names inside of the folder of analyses
 * @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` when there is no folder of recordings: a volume that is not there has not lost
 * its recordings
 */
export async function pruneAnalyses({
  directory,
  clock = systemClock,
  signal,
  ...options
}: PruneOptions): Promise<string[]> {
  const analysesDirectory = resolve(options.analysesDirectory ?? join(directory, ANALYSES_FOLDER))
  if (!(await isFolder(directory))) throw new StorageError('ISR_STORAGE_NOT_FOUND', `${directory} is not there`)
  const analyses = new FileStorage({ directory: analysesDirectory })
  const recordings = new FileStorage({ directory })
  const trashed = new Set((await new TrashFolder(directory).list()).map(({ name }) => name))
  const removed: string[] = []
  for await (const { name, modifiedAt } of analyses.list()) {
    const [ours, recording] = OURS.exec(name) ?? []
    if (ours === undefined || recording === undefined) continue
    const rest = name.slice(ours.length)
    const isTorn = TORN.test(rest) && clock.now() - modifiedAt > TORN_AGE_MS
    if (signal?.aborted) break
    if (!isTorn && (rest !== '' || trashed.has(recording) || !(await isGone(recordings, recording)))) continue
    await analyses.remove(name)
    removed.push(name)
  }
  return removed.sort()
}

/** What cannot be looked at is not gone. */
function isGone(recordings: FileStorage, name: string): Promise<boolean> {
  return recordings.stat(name).then(
    () => false,
    (error: unknown) => error instanceof StorageError && error.code === 'ISR_STORAGE_NOT_FOUND',
  )
}
