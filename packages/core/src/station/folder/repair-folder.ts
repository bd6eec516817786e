import type { LedgerScan } from '../../ledger/read/ledger-scan.js'
import { Sealer, type SealRequest } from '../../ledger/seal/sealer.js'
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
 * Finishes the files of a folder that a crash or a failing volume left open; a torn last line of the ledger is cut off, and chains
 * of seals are brought to their end. What a running recorder is writing is not touched. A {@link Station} does the same when it
 * starts.
 *
 * @returns what became of each file that was open; empty when nothing was
 * @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` when the folder has no ledger, or when it cannot be read
 */
export async function repairFolder(options: RepairFolderOptions): Promise<readonly RepairOutcome[]> {
  const { directory, onOutcome, signal, clock = systemClock } = options
  const cameAt = clock.now()
  const storage = new FileStorage({ directory, clock })
  await storage.stat(LEDGER_NAME)
  const ledger = new FolderLedger({ directory, clock })
  const outcomes: RepairOutcome[] = []
  try {
    const bytesBefore = await ledger.open()
    const care = new FolderCare({ storage, ledger, clock, cameAt, bytesBefore, ...(signal && { signal }) })
    const scan = await care.read()
    for await (const outcome of care.repair(scan)) {
      outcomes.push(outcome)
      onOutcome?.(outcome)
    }
    // two who add to one chain would fork it: where another recorder runs, it seals
    if (!care.hasOthers && !outcomes.some(({ inUse }) => inUse) && !signal?.aborted) {
      const sealer = new Sealer({ storage, ledger, clock })
      for (const line of unsealed(scan, outcomes)) sealer.add(line)
      sealer.begin(scan.chains)
      await sealer.finish(Number.MAX_SAFE_INTEGER)
    }
  } finally {
    await ledger.close()
  }
  return outcomes
}

/** Complete recordings of sources that are sealed, in the order in which they were completed. */
function unsealed(scan: LedgerScan, outcomes: readonly RepairOutcome[]): SealRequest[] {
  const isDue = ({ name, source }: SealRequest) => scan.isSealPromised(name) || Boolean(scan.chains.get(source)?.prev)
  const recovered = outcomes.flatMap(({ recording, action }) =>
    recording && action !== 'left' && isDue(recording) ? [recording] : [],
  )
  return [...[...scan.chains.values()].flatMap((chain) => [...chain.unsealed.values()]), ...recovered]
}
