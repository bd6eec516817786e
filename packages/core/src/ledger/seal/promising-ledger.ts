import type { LedgerEntry } from '../entry.js'
import type { Ledger } from '../ledger.js'

/**
 * The ledger of a source whose recordings are sealed: what it opens says so, before there is anything to seal. So a crash, or
 * somebody who removes every sealed line, leaves recordings that miss the seal they were promised.
 */
export class PromisingLedger implements Ledger {
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  append(entry: LedgerEntry, onWritten?: () => void): Promise<void> {
    return this.#ledger.append(entry.type === 'open' ? { ...entry, seal: true } : entry, onWritten)
  }

  close(): Promise<void> {
    return this.#ledger.close()
  }
}
