import type { IsrError } from '../../errors.js'
import type { LedgerEntry } from '../../ledger/entry.js'
import type { Ledger } from '../../ledger/ledger.js'
import { pluginError } from './plugin-guard.js'

/** A ledger that may fail: told of each time, and recording goes on. */
export class GuardedLedger implements Ledger {
  readonly #ledger: Ledger
  readonly #onFault: (error: IsrError) => void

  /** @param onFault - told of each failure; must not throw */
  constructor(ledger: Ledger, onFault: (error: IsrError) => void) {
    this.#ledger = ledger
    this.#onFault = onFault
  }

  append(entry: LedgerEntry, onWritten?: () => void): Promise<void> {
    return this.#call('append', () => this.#ledger.append(entry, onWritten))
  }

  close(): Promise<void> {
    return this.#call('close', () => this.#ledger.close())
  }

  async #call(method: string, call: () => Promise<void>): Promise<void> {
    try {
      await call()
    } catch (error) {
      this.#onFault(pluginError('the ledger', method, error))
    }
  }
}
