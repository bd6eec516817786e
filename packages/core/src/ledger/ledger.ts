import type { IsrError } from '../errors.js'
import { toIsrError } from '../errors.js'
import type { Clock, Timer } from '../time/clock.js'
import type { LedgerEntry } from './entry.js'

/** Where lines go: whole lines, durable when it resolves. */
interface LineSink {
  /** @param onWritten - told when they have left this process: then more may come @throws {@link StorageError} */
  append(text: string, onWritten?: () => void): Promise<void>
  close(): Promise<void>
}

/** The append-only truth about runs, recordings, gaps and discards. */
export interface Ledger {
  /**
   * Queues an entry; entries are written in this order. Resolves when it is durable; never rejects.
   * @param onWritten - told when it has left this process, where the ledger knows: a kill does not take it any more
   */
  append(entry: LedgerEntry, onWritten?: () => void): Promise<void>
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

interface Line {
  readonly text: string
  readonly done: () => void
  readonly onWritten: (() => void) | undefined
  isSent: boolean
  isDurable: boolean
}

/** The ledger as lines of JSON. A failing volume loses no line while memory lasts; one that flushes slowly holds up no other line. */
export class LineLedger implements Ledger {
  readonly #options: LineLedgerOptions
  #pending: Line[] = []
  #sending?: Promise<void>
  readonly #sent = new Set<Promise<void>>()
  #retry?: Timer

  constructor(options: LineLedgerOptions) {
    this.#options = options
  }

  append(entry: LedgerEntry, onWritten?: () => void): Promise<void> {
    return new Promise((resolve) => {
      if (this.#pending.length >= MOST_PENDING) this.#pending.shift()?.done()
      const text = `${JSON.stringify(entry)}\n`
      this.#pending.push({ text, done: resolve, onWritten, isSent: false, isDurable: false })
      void this.#send()
    })
  }

  async close(): Promise<void> {
    this.#cancelRetry()
    while (this.#pending.length > 0 && !this.#retry) {
      await this.#send()
      await Promise.all(this.#sent)
    }
    this.#cancelRetry()
    for (const line of this.#pending.splice(0)) line.done()
    await this.#options.sink.close()
  }

  #cancelRetry(): void {
    this.#retry?.cancel()
    this.#retry = undefined
  }

  #send(): Promise<void> {
    this.#sending ??= this.#sendBatches().finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  async #sendBatches(): Promise<void> {
    await Promise.resolve() // lines appended in the same turn go out together
    while (!this.#retry) {
      const batch = this.#pending.filter(({ isSent }) => !isSent)
      if (batch.length === 0) return
      await new Promise<void>((resolve) => {
        const durable = this.#write(batch, resolve).finally(() => {
          this.#sent.delete(durable)
          resolve()
        })
        this.#sent.add(durable)
      })
    }
  }

  async #write(batch: readonly Line[], onWritten: () => void): Promise<void> {
    for (const line of batch) line.isSent = true
    try {
      await this.#options.sink.append(batch.map(({ text }) => text).join(''), () => {
        for (const line of batch) line.onWritten?.()
        onWritten()
      })
    } catch (error) {
      for (const line of batch) line.isSent = false
      this.#options.onFault?.(toIsrError(error, 'ISR_LEDGER_FAILED'))
      this.#retry ??= this.#options.clock.after(RETRY_MS, () => {
        this.#retry = undefined
        void this.#send()
      })
      return
    }
    for (const line of batch) line.isDurable = true
    this.#pending = this.#pending.filter(({ isDurable }) => !isDurable)
    for (const line of batch) line.done()
  }
}

/** A ledger in memory: for tests and for those who keep the truth elsewhere. */
export class MemoryLedger implements Ledger {
  /** Everything appended so far. */
  readonly entries: LedgerEntry[] = []

  append(entry: LedgerEntry, onWritten?: () => void): Promise<void> {
    this.entries.push(entry)
    onWritten?.()
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
