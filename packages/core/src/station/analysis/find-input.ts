import { basename, join, resolve } from 'node:path'
import type { FileMark } from '../../analysis/cache/cached-analysis.js'
import { FileAccess } from '../../storages/access/file-access.js'
import { FileStorage } from '../../storages/file-storage.js'
import { checkName } from '../../storages/safe-name.js'
import type { Storage } from '../../storages/storage.js'
import { ANALYSES_FOLDER, AnalysesFolder } from './analyses-folder.js'
import { findRecordingsFolder, type RecordingPlace } from './find-folder.js'
import type { MeasureTask } from './measure-facts.js'

/** A recording that is to be analysed. */
export interface AnalyzedFile {
  /** What a thread is told, but how to measure. */
  readonly task: Omit<MeasureTask, 'loudness' | 'ffmpeg'>
  /** Where it is, when it is not on disk. */
  readonly stored?: { readonly storage: Storage; readonly name: string }
  /** Where results are kept; absent when they are not. */
  readonly kept?: { readonly folder: AnalysesFolder; readonly name: string; readonly mark: FileMark }
}

/** How an input is looked for. */
export interface FindInputOptions {
  readonly cache: boolean
  readonly analysesDirectory?: string
}

/** Finds out where a recording lies, where its results go, and who may know when it began. @throws {@link StorageError} */
export async function findInput(
  input: string | { readonly storage: Storage; readonly name: string },
  { cache, analysesDirectory }: FindInputOptions,
): Promise<AnalyzedFile> {
  if (typeof input !== 'string' && !(input.storage instanceof FileStorage))
    return { task: { modifiedAt: 0 }, stored: input }
  const path = typeof input === 'string' ? input : join(input.storage.location, input.name)
  const place = typeof input === 'string' ? await findRecordingsFolder(path) : await placeOf(input, path)
  // whoever names a storage means what lies in it
  const within = typeof input === 'string' ? undefined : place?.directory
  const mark = await markOf(path, within)
  const { modifiedAt } = mark
  const task = {
    path,
    modifiedAt,
    ...(within !== undefined && { within }),
    ...(place?.hasLedger && { ledger: { directory: place.directory, name: place.name } }),
  }
  const directory = analysesDirectory ?? (place && join(place.directory, ANALYSES_FOLDER))
  const name = place?.name ?? basename(path)
  if (!cache || directory === undefined || !isName(name)) return { task }
  const folder = new AnalysesFolder(directory)
  return { task: { ...task, levelsPath: folder.levelsPath(name) }, kept: { folder, name, mark } }
}

async function markOf(path: string, within: string | undefined): Promise<FileMark> {
  const access = await FileAccess.open(path, within)
  const { sizeBytes, modifiedAt } = access
  await access.close()
  return { sizeBytes, modifiedAt }
}

/** A file of others may have a name that is none for a recording: then nothing is kept of it. */
function isName(name: string): boolean {
  try {
    checkName(name)
    return true
  } catch {
    return false
  }
}

/** Whoever names a storage means its folder. */
async function placeOf(
  { storage, name }: { readonly storage: Storage; readonly name: string },
  path: string,
): Promise<RecordingPlace> {
  const found = await findRecordingsFolder(path)
  return { directory: storage.location, name, hasLedger: found?.directory === resolve(storage.location) }
}
