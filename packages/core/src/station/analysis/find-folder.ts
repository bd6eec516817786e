import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { FileStorage } from '../../storages/file-storage.js'
import { isFolder } from '../../storages/is-folder.js'
import { LEDGER_NAME } from '../open-ledger.js'
import { ANALYSES_FOLDER } from './analyses-folder.js'

/** Where a recording belongs. */
export interface RecordingPlace {
  /** Folder of the recordings. */
  readonly directory: string
  /** Its name there. */
  readonly name: string
  /** Whether the folder has a ledger. */
  readonly hasLedger: boolean
}

/**
 * The folder of recordings that a file lies in: the nearest one upwards that has a ledger, else its own folder when there is one of
 * analyses in it. Undefined for a file that lies elsewhere.
 */
export async function findRecordingsFolder(path: string): Promise<RecordingPlace | undefined> {
  const file = resolve(path)
  const own = dirname(file)
  for (let directory = own; ; directory = dirname(directory)) {
    if (await hasLedger(directory))
      return { directory, name: relative(directory, file).split(sep).join('/'), hasLedger: true }
    if (directory === dirname(directory)) break
  }
  if (!(await isFolder(join(own, ANALYSES_FOLDER)))) return undefined
  return { directory: own, name: basename(file), hasLedger: false }
}

function hasLedger(folder: string): Promise<boolean> {
  return new FileStorage({ directory: folder }).stat(LEDGER_NAME).then(
    () => true,
    () => false,
  )
}
