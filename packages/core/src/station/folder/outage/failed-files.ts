import type { Format } from '../../../formats/format.js'
import type { Ledger } from '../../../ledger/ledger.js'
import { LedgerScan } from '../../../ledger/read/ledger-scan.js'
import { readLedgerLines } from '../../../ledger/read/read-lines.js'
import type { RepairOutcome } from '../../../recovery/outcome.js'
import { repairFile } from '../../../recovery/repair-file.js'
import type { MendableStorage } from '../../../storages/storage.js'
import { sleep, type Clock } from '../../../time/clock.js'

/** What {@link FailedFiles} works with. */
export interface FailedFilesOptions {
  readonly storage: MendableStorage
  readonly ledger: Ledger
  readonly formats: readonly Format[]
  readonly clock: Clock
  /** Ends the work between two files. */
  readonly signal: AbortSignal
  /** Waits between pieces: recording goes on meanwhile. */
  readonly pause: () => Promise<void>
  /** The ledger as it stands. */
  readonly readLedger: () => AsyncIterable<Uint8Array>
  /** Whether no recorder of the folder waits for its volume. */
  readonly isWell: () => boolean
  /** Told what became of a file, once for each. */
  readonly onOutcome: (outcome: RepairOutcome, scan: LedgerScan) => void
}

const LOOK_EVERY_MS = 5000
/** So long all is well before a file is touched: what its volume did not take has been entered in another file by then. */
const WELL_LOOKS = 2
const MOST_TRIES = 3

/**
 * Finishes the files that a failing volume left, as soon as it is back, beside recording. Nobody writes to them any more: the recorder
 * has let go of each before it told of it, and goes on in another file.
 */
export class FailedFiles {
  readonly #options: FailedFilesOptions
  /** How often each was tried. */
  readonly #tries = new Map<string, number>()
  #work?: Promise<void>

  constructor(options: FailedFilesOptions) {
    this.#options = options
  }

  /** Its volume has failed, or its muxer: it is entered as `closedBy: error`. */
  add(name: string): void {
    if (!this.#tries.has(name)) this.#tries.set(name, 0)
    this.#work ??= this.#attend()
  }

  /** Resolves when it does nothing any more, which it does as long as files wait, unless its signal has aborted. Never rejects. */
  async settled(): Promise<void> {
    await this.#work
  }

  async #attend(): Promise<void> {
    const { clock, signal, isWell } = this.#options
    let looks = 0
    while (this.#tries.size > 0 && !signal.aborted) {
      await sleep(clock, LOOK_EVERY_MS, signal)
      looks = isWell() ? looks + 1 : 0
      if (looks < WELL_LOOKS || signal.aborted) continue
      looks = 0
      // what cannot be read now is read at the next look
      await this.#repair().catch(() => {})
    }
    this.#work = undefined
  }

  async #repair(): Promise<void> {
    const { readLedger, signal, onOutcome } = this.#options
    const scan = new LedgerScan()
    for await (const line of readLedgerLines(readLedger())) scan.take(line)
    const unfinished = new Map(scan.unfinished.map((remains) => [remains.open.name, remains]))
    for (const [name, tries] of [...this.#tries]) {
      if (signal.aborted) return
      const remains = unfinished.get(name)
      // the ledger waits for its volume, too
      const outcome = remains?.failed && (await repairFile(remains, this.#options))
      const isOver = outcome && outcome.action !== 'failed'
      if (isOver || tries + 1 >= MOST_TRIES) this.#tries.delete(name)
      else this.#tries.set(name, tries + 1)
      if (outcome && !this.#tries.has(name)) onOutcome(outcome, scan)
    }
  }
}
