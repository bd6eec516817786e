import { join } from 'node:path'
import type { IsrError } from '../errors.js'
import { LineLedger, type Ledger } from '../ledger/ledger.js'
import { AppendFile } from '../storages/append-file.js'
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

/** The ledger of a folder of recordings: `<directory>/.isr/ledger.jsonl`, made when its first line is written. */
export function openLedger(options: OpenLedgerOptions): Ledger {
  return new LineLedger({
    sink: new AppendFile(join(options.directory, '.isr', 'ledger.jsonl')),
    clock: options.clock ?? systemClock,
    ...(options.onFault && { onFault: options.onFault }),
  })
}
