import type { RepairOutcome } from '../../recovery/outcome.js'
import { FileStorage } from '../../storages/file-storage.js'
import { systemClock, type Clock } from '../../time/clock.js'
import { FolderLedger, LEDGER_NAME } from '../open-ledger.js'
import { FolderCare } from './folder-care.js'

/** Options of {@link repairFolder}. */
export interface RepairFolderOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Told of every file that was open. */
  readonly onOutcome?: (outcome: RepairOutcome) => void
  /** Ends between two files. */
  readonly signal?: AbortSignal
  /** Time and timers. @defaultValue the machine's clock */
  readonly clock?: Clock
}

/**
 * Finishes the files of a folder that a crash or a failing volume left open; a torn last line of the ledger is cut off. What a
 * running recorder is writing is not touched. A {@link Station} does the same when it starts.
 *
 * @returns what became of each file that was open; empty when nothing was
 * @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` when the folder has no ledger, or when it cannot be read
 */
export async function repairFolder(options: RepairFolderOptions): Promise<readonly RepairOutcome[]> {
  const { directory, onOutcome, signal, clock = systemClock } = options
  const storage = new FileStorage({ directory, clock })
  await storage.stat(LEDGER_NAME)
  const ledger = new FolderLedger({ directory, clock })
  const outcomes: RepairOutcome[] = []
  try {
    const bytesBefore = await ledger.open()
    const care = new FolderCare({ storage, ledger, clock, bytesBefore, ...(signal && { signal }) })
    for await (const outcome of care.repair(await care.read())) {
      outcomes.push(outcome)
      onOutcome?.(outcome)
    }
  } finally {
    await ledger.close()
  }
  return outcomes
}
