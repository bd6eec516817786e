import { toIsrError, type IsrError } from '../../errors.js'
import { LEDGER_VERSION, type RemovedLine } from '../../ledger/entry.js'
import { ledgerTime } from '../../ledger/ledger-time.js'
import type { EpochMs } from '../../model.js'
import { TrashFolder, type TrashedFile } from '../../storages/trash/trash-folder.js'
import { systemClock, type Clock, type Timer } from '../../time/clock.js'
import { openLedger } from '../open-ledger.js'

/** Options of a {@link RemovalDesk}. */
export interface RemovalDeskOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** How long a removal can be taken back, in milliseconds. @defaultValue 10000 */
  readonly undoMs?: number
  /** A file was removed for good: what belongs to it goes as well, such as its analysis. */
  readonly onRemoved?: (name: string) => Promise<void>
  /** Something failed after the removal was promised; it is tried again at the next start. */
  readonly onFault?: (error: IsrError) => void
  /** Time and timers. @defaultValue the machine's clock */
  readonly clock?: Clock
}

/** What is entered of a removed recording. */
export interface RemovalFacts extends Pick<RemovedLine, 'by' | 'source' | 'run'> {
  /** Storage key. */
  readonly name: string
  /** IANA zone of the offset beside the time. Default the system's. */
  readonly timeZone?: string
}

/** A removal that can still be taken back. */
export interface PendingRemoval {
  /** Names it. */
  readonly id: string
  /** Until then. */
  readonly undoUntil: EpochMs
}

interface Pending extends TrashedFile {
  readonly facts: RemovalFacts
  readonly timer: Timer
}

const UNDO_MS = 10_000

/**
 * Removes recordings in a way that can be taken back for a moment: the file is out of the folder at once, and gone for good with a
 * `removed` line in the ledger when the time is up.
 */
export class RemovalDesk implements AsyncDisposable {
  readonly #options: RemovalDeskOptions
  readonly #clock: Clock
  readonly #trash: TrashFolder
  readonly #pending = new Map<string, Pending>()
  readonly #working = new Set<Promise<void>>()

  constructor(options: RemovalDeskOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#trash = new TrashFolder(options.directory)
  }

  /** Takes a file out of the folder. Whether it may go is the caller's business. @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` */
  async remove(facts: RemovalFacts): Promise<PendingRemoval> {
    const file = await this.#trash.put(facts.name)
    const undoMs = this.#options.undoMs ?? UNDO_MS
    const timer = this.#clock.after(undoMs, () => this.#finish(file.id))
    this.#pending.set(file.id, { ...file, facts, timer })
    return { id: file.id, undoUntil: this.#clock.now() + undoMs }
  }

  /**
   * Brings a file back.
   * @returns its name; undefined when it is too late
   * @throws {@link StorageError} `ISR_STORAGE_EXISTS` when another file has its name now
   */
  async undo(id: string): Promise<string | undefined> {
    const pending = this.#pending.get(id)
    if (!pending) return undefined
    await this.#trash.restore(pending)
    pending.timer.cancel()
    this.#pending.delete(id)
    return pending.name
  }

  /** Finishes what a crash left half done. Never rejects. */
  async recover(factsOf: (name: string) => RemovalFacts): Promise<void> {
    const left = await this.#trash.list().catch((error: unknown) => {
      this.#fault(error)
      return []
    })
    for (const file of left) if (!this.#pending.has(file.id)) await this.#purge(file, factsOf(file.name))
  }

  /** Finishes every removal now. Never rejects. */
  async close(): Promise<void> {
    for (const id of [...this.#pending.keys()]) this.#finish(id)
    await Promise.all(this.#working)
  }

  /** Same as `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #finish(id: string): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    pending.timer.cancel()
    this.#pending.delete(id)
    const work = this.#purge(pending, pending.facts).finally(() => this.#working.delete(work))
    this.#working.add(work)
  }

  async #purge(file: TrashedFile, { name, by, source, run, timeZone }: RemovalFacts): Promise<void> {
    const { directory, onRemoved } = this.#options
    try {
      const { time: at, utcOffset } = ledgerTime(this.#clock.now(), timeZone)
      // the ledger first: a file that is gone without a word would be a fault
      const ledger = openLedger({ directory, clock: this.#clock, onFault: (error) => this.#fault(error) })
      void ledger.append({ v: LEDGER_VERSION, type: 'removed', source, run, name, by, at, utcOffset })
      await ledger.close()
      await this.#trash.purge(file)
      await onRemoved?.(name)
    } catch (error) {
      this.#fault(error)
    }
  }

  #fault(error: unknown): void {
    this.#options.onFault?.(toIsrError(error, 'ISR_STORAGE_FAILED'))
  }
}
