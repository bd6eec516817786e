import { join } from 'node:path'
import type { IsrError } from '../errors.js'
import { LineLedger, type Ledger } from '../ledger/ledger.js'
import { LedgerFile } from '../storages/presence/ledger-file.js'
import { systemClock, type Clock } from '../time/clock.js'

/** Options of {@link openLedger}. */
export interface OpenLedgerOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Timers. @defaultValue the machine's clock */
  readonly clock?: Clock
  /** Told when the ledger cannot be written; its lines wait and are tried again. */
  readonly onFault?: (error: IsrError) => void
}

/** The ledger of a folder on disk. */
export class FolderLedger extends LineLedger {
  readonly #file: LedgerFile

  /** @param options - the folder and what is told of faults */
  constructor({ directory, clock, onFault }: OpenLedgerOptions) {
    const file = new LedgerFile(join(directory, LEDGER_NAME))
    super({ sink: file, clock: clock ?? systemClock, ...(onFault && { onFault }) })
    this.#file = file
  }

  /**
   * Opens it now rather than at its first line.
   * @returns its size in bytes before this process wrote anything
   * @throws {@link StorageError}
   */
  open(): Promise<number> {
    return this.#file.open()
  }
}

/** Storage key of the ledger of a folder. */
export const LEDGER_NAME = '.isr/ledger.jsonl'

/** The ledger of a folder of recordings: `<directory>/.isr/ledger.jsonl`, made when its first line is written. */
export function openLedger(options: OpenLedgerOptions): Ledger {
  return new FolderLedger(options)
}
