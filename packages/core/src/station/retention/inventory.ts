import type { LedgerEntry } from '../../ledger/entry.js'
import { isUnfinished } from '../../ledger/read/ledger-scan.js'
import type { EpochMs } from '../../model.js'

/** A finished recording of a folder. */
export interface StockItem {
  /** Storage key. */
  readonly name: string
  /** Name of the source. */
  readonly source: string
  /** The run that it belongs to. */
  readonly run: string
  /** Wall clock of its end. */
  readonly endsAt: EpochMs
  /** Size of the file. */
  readonly sizeBytes: number
}

/** Nobody leaves more behind: a crash leaves one. */
const MOST_LEFT = 1000

/** The finished recordings that the ledger of a folder knows. What is being written, or waits for its repair, is none of them. */
export class Inventory {
  readonly #items = new Map<string, StockItem>()
  /** What rules removed last, by name: when. */
  readonly #removed = new Map<string, EpochMs>()

  /** The next line of the ledger. */
  take(entry: LedgerEntry): void {
    if (entry.type === 'open') this.#forget(entry.name)
    else if (entry.type === 'recording') {
      this.#forget(entry.name)
      if (isUnfinished(entry)) return
      const { name, source, run, bytes: sizeBytes } = entry
      const endsAt = Date.parse(entry.startedAt) + entry.durationSeconds * 1000
      this.#items.set(name, { name, source, run, endsAt, sizeBytes })
    } else if (entry.type === 'removed') {
      this.#forget(entry.name)
      if (entry.by !== 'retention') return
      this.#removed.set(entry.name, Date.parse(entry.at))
      const [oldest] = this.#removed.keys()
      if (this.#removed.size > MOST_LEFT && oldest !== undefined) this.#removed.delete(oldest)
    }
  }

  /** The ledger was replaced by another one: it is read again from its start. */
  clear(): void {
    this.#items.clear()
    this.#removed.clear()
  }

  /** One of them; undefined when it is none. */
  get(name: string): StockItem | undefined {
    return this.#items.get(name)
  }

  /** All of them. */
  get items(): Iterable<StockItem> {
    return this.#items.values()
  }

  /** Names that rules have removed lately according to the ledger, and when: a crash may have come before the file was gone. */
  get removed(): ReadonlyMap<string, EpochMs> {
    return this.#removed
  }

  #forget(name: string): void {
    this.#items.delete(name)
    this.#removed.delete(name)
  }
}
