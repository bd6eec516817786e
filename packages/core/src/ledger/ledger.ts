import type { IsrError } from '../errors.js'
import { toIsrError } from '../errors.js'
import type { Clock, Timer } from '../time/clock.js'
import type { LedgerEntry } from './entry.js'

/** Where lines go: whole lines, durable when it resolves. */
interface LineSink {
  /** @throws {@link StorageError} */
  append(text: string): Promise<void>
  close(): Promise<void>
}

/** The append-only truth about runs, recordings, gaps and discards. */
export interface Ledger {
  /** Queues an entry; entries are written in this order. Resolves when it is durable; never rejects. */
  append(entry: LedgerEntry): Promise<void>
  /** Resolves when all is written, or at once when the volume fails. */
  close(): Promise<void>
}

/** Options of a {@link LineLedger}. */
export interface LineLedgerOptions {
  readonly sink: LineSink
  readonly clock: Clock
  /** Told when the volume fails; lines are kept and tried again every second. */
  readonly onFault?: (error: IsrError) => void
}

const RETRY_MS = 1000
/** About 50 MB: a day of a thousand sources on a dead disk. */
const MOST_PENDING = 200_000

/** The ledger as lines of JSON. A failing volume loses no line while memory lasts. */
export class LineLedger implements Ledger {
  readonly #options: LineLedgerOptions
  #pending: { readonly text: string; readonly done: () => void }[] = []
  #writing?: Promise<boolean>
  #retry?: Timer

  constructor(options: LineLedgerOptions) {
    this.#options = options
  }

  append(entry: LedgerEntry): Promise<void> {
    return new Promise((resolve) => {
      if (this.#pending.length >= MOST_PENDING) this.#pending.shift()?.done()
      this.#pending.push({ text: `${JSON.stringify(entry)}\n`, done: resolve })
      if (!this.#retry) void this.#write()
    })
  }

  async close(): Promise<void> {
    this.#cancelRetry()
    while (this.#pending.length > 0 && (await this.#write())) continue
    this.#cancelRetry()
    for (const line of this.#pending.splice(0)) line.done()
    await this.#options.sink.close()
  }

  #cancelRetry(): void {
    this.#retry?.cancel()
    this.#retry = undefined
  }

  #write(): Promise<boolean> {
    this.#writing ??= this.#writeBatches().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async #writeBatches(): Promise<boolean> {
    await Promise.resolve() // lines appended in the same turn go out together
    while (this.#pending.length > 0) {
      const batch = this.#pending.slice()
      try {
        await this.#options.sink.append(batch.map((line) => line.text).join(''))
      } catch (error) {
        this.#options.onFault?.(toIsrError(error, 'ISR_LEDGER_FAILED'))
        this.#retry ??= this.#options.clock.after(RETRY_MS, () => {
          this.#retry = undefined
          void this.#write()
        })
        return false
      }
      this.#pending.splice(0, batch.length)
      for (const line of batch) line.done()
    }
    return true
  }
}

/** A ledger in memory: for tests and for those who keep the truth elsewhere. */
export class MemoryLedger implements Ledger {
  /** Everything appended so far. */
  readonly entries: LedgerEntry[] = []

  append(entry: LedgerEntry): Promise<void> {
    this.entries.push(entry)
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
