import { isAudioName, type KnownNaming } from '../ledger/rebuild/name-facts.js'
import { builtInFormats } from '../formats/registry.js'
import { Library } from '../library/library.js'
import type { LiveFile } from '../library/live-files.js'
import { FileStorage } from '../storages/file-storage.js'
import { FolderTree } from '../storages/watch/folder-tree.js'
import { systemClock, type Clock } from '../time/clock.js'
import { LEDGER_NAME } from './open-ledger.js'

/** Options of {@link openLibrary}. */
export interface OpenLibraryOptions {
  /** Folder of the recordings; it may appear later. */
  readonly directory: string
  /** How names of files that no ledger knows may have been made; see `namingsIn`. @defaultValue what is usual */
  readonly namings?: readonly KnownNaming[]
  /** Source of files that do not tell theirs. @defaultValue `'recordings'` */
  readonly source?: string
  /** IANA zone of times in names. @defaultValue the system's */
  readonly timeZone?: string
  /** How often it looks again, in milliseconds. @defaultValue 1000 */
  readonly refreshMs?: number
  /** Files that recorders of this process write: known at once, without `status.json`. */
  readonly liveFiles?: () => readonly LiveFile[]
  /** Time and timers. @defaultValue the machine's clock */
  readonly clock?: Clock
}

/** The recordings of a folder, listed and kept up to date. Resolves when the first look is done. Never rejects. */
export async function openLibrary(options: OpenLibraryOptions): Promise<Library> {
  const clock = options.clock ?? systemClock
  const { directory, timeZone, liveFiles } = options
  const library = new Library({
    storage: new FileStorage({ directory, clock }),
    names: new FolderTree(directory, () => clock.now()),
    ledgerName: LEDGER_NAME,
    clock,
    refreshMs: options.refreshMs ?? 1000,
    isRecording: isAudioName,
    formats: builtInFormats,
    namings: options.namings ?? [],
    source: options.source ?? 'recordings',
    ...(timeZone !== undefined && { timeZone }),
    ...(liveFiles && { liveFiles }),
  })
  await library.start()
  return library
}
