import { basename, resolve } from 'node:path'
import { builtInFormats } from '../../formats/registry.js'
import { readLedgerLines } from '../../ledger/read/read-lines.js'
import { adopt, type AdoptOutcome } from '../../ledger/rebuild/adopt.js'
import { isAudioName, type KnownNaming } from '../../ledger/rebuild/name-facts.js'
import { FileStorage } from '../../storages/file-storage.js'
import type { StoredFile } from '../../storages/storage.js'
import { systemClock, type Clock } from '../../time/clock.js'
import { FolderLedger, LEDGER_NAME } from '../open-ledger.js'

/** Options of {@link adoptFolder}. */
export interface AdoptFolderOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Name of the source of files that do not tell theirs. @defaultValue name of the folder */
  readonly source?: string
  /** How names may have been made. @defaultValue what is usual: date and time, down to the second */
  readonly namings?: readonly KnownNaming[]
  /** IANA zone of times in names. @defaultValue the system's */
  readonly timeZone?: string
  /** Told of every file. */
  readonly onOutcome?: (outcome: AdoptOutcome) => void
  /** Ends between two files. */
  readonly signal?: AbortSignal
  /** Time and timers. @defaultValue the machine's clock */
  readonly clock?: Clock
}

/**
 * Enters the recordings of a folder that its ledger does not know: those of another program, or of a ledger that was lost. Neither
 * files nor lines that are there are changed.
 *
 * @returns what became of each file that was not known
 * @throws {@link StorageError} when the folder cannot be read
 */
export async function adoptFolder(options: AdoptFolderOptions): Promise<readonly AdoptOutcome[]> {
  const { directory, namings = [], timeZone, onOutcome, signal, clock = systemClock } = options
  const storage = new FileStorage({ directory, clock })
  const known = await knownNames(storage)
  const files: StoredFile[] = []
  for await (const file of storage.list()) if (isAudioName(file.name) && !known.has(file.name)) files.push(file)
  if (files.length === 0) return []
  const ledger = new FolderLedger({ directory, clock })
  const outcomes: AdoptOutcome[] = []
  try {
    for await (const outcome of adopt({
      storage,
      ledger,
      clock,
      formats: builtInFormats,
      files: files.sort((one, other) => (one.name < other.name ? -1 : 1)),
      namings,
      source: options.source ?? basename(resolve(directory)),
      ...(timeZone !== undefined && { timeZone }),
      ...(signal && { signal }),
    })) {
      outcomes.push(outcome)
      onOutcome?.(outcome)
    }
  } finally {
    await ledger.close()
  }
  return outcomes
}

async function knownNames(storage: FileStorage): Promise<Set<string>> {
  const names = new Set<string>()
  const hasLedger = await storage.stat(LEDGER_NAME).then(
    () => true,
    () => false,
  )
  if (!hasLedger) return names
  for await (const line of readLedgerLines(storage.read(LEDGER_NAME))) {
    if (!('entry' in line)) continue
    const { entry } = line
    if (entry.type === 'open' || entry.type === 'recording') names.add(entry.name)
    else if (entry.type === 'removed') names.delete(entry.name)
  }
  return names
}
