import { open, readdir, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep, type Clock } from '../../../time/clock.js'
import { syncFolder } from '../../disk/sync-folder.js'
import { writeAll } from '../../disk/write-all.js'
import { livenessOf, ownIdentity } from '../../presence/process-identity.js'
import { storageFault } from '../../storage-fault.js'
import { JOURNAL_FOLDER, JOURNAL_HEAD_BYTES, parseJournalHead } from './layout.js'
import { replay } from './replay.js'

/** Of what another machine or boot may be writing nothing is known until it has rested. */
const QUIET_MS = 60_000

/** How {@link recoverJournals} does it. */
export interface RecoverJournalsOptions {
  readonly directory: string
  readonly clock: Clock
  /** Ends it between two journals, and its waiting. */
  readonly signal?: AbortSignal
}

/**
 * Gives back to the files of a folder what only the journals of processes that are gone hold of them, and removes those journals. That
 * of a running process is never touched. Before anything else is repaired.
 * @returns bytes given back
 * @throws {@link StorageError}
 */
export async function recoverJournals({ directory, clock, signal }: RecoverJournalsOptions): Promise<number> {
  const folder = join(directory, JOURNAL_FOLDER)
  const names = await readdir(folder).catch(() => [])
  let restoredBytes = 0
  for (const name of names) {
    if (signal?.aborted) break
    const path = join(folder, name)
    try {
      if (name.endsWith('.bin'))
        restoredBytes += await recoverJournal(path, { directory, clock, ...(signal && { signal }) })
    } catch (error) {
      throw storageFault(error, 'take back what is in', path)
    }
  }
  return restoredBytes
}

async function recoverJournal(path: string, options: RecoverJournalsOptions): Promise<number> {
  const journal = await open(path, 'r+')
  try {
    const first = new Uint8Array(JOURNAL_HEAD_BYTES)
    await journal.read(first, 0, first.length, 0)
    const head = parseJournalHead(first)
    if (head) {
      const liveness = await livenessOf(head.writer, await ownIdentity())
      if (liveness === 'alive' || (liveness === 'unknown' && !(await rests(journal, options)))) return 0
    } else if (!(await rests(journal, options))) return 0 // it may be just begun
    const { restoredBytes } = head ? await replay(journal, head.halfBytes, options.directory) : { restoredBytes: 0 }
    // it must not come back after the files were repaired
    await writeAll(journal, new Uint8Array(JOURNAL_HEAD_BYTES), 0)
    await journal.datasync()
    await unlink(path)
    await syncFolder(join(options.directory, JOURNAL_FOLDER))
    return restoredBytes
  } finally {
    await journal.close()
  }
}

/** Whether nobody has written to it for a while; waits for that. */
async function rests(journal: FileHandle, { clock, signal }: RecoverJournalsOptions): Promise<boolean> {
  const { mtimeMs } = await journal.stat()
  const leftMs = Math.min(QUIET_MS, mtimeMs + QUIET_MS - clock.now())
  if (leftMs > 0) await sleep(clock, leftMs, signal)
  return !signal?.aborted && (await journal.stat()).mtimeMs === mtimeMs
}
