import { dirname, join } from 'node:path'
import { builtInFormats } from '../../formats/registry.js'
import type { Ledger } from '../../ledger/ledger.js'
import { LedgerScan } from '../../ledger/read/ledger-scan.js'
import { readLedgerLines } from '../../ledger/read/read-lines.js'
import type { EpochMs } from '../../model.js'
import type { RepairOutcome } from '../../recovery/outcome.js'
import { recover, type Opener } from '../../recovery/recover.js'
import type { FileStorage } from '../../storages/file-storage.js'
import { writersOf, type Writer } from '../../storages/presence/presence.js'
import { recoverJournals } from '../../storages/volume/journal/recover-journals.js'
import type { Clock } from '../../time/clock.js'
import { LEDGER_NAME } from '../open-ledger.js'
import { EmptyFiles } from './empty-files.js'
import { openerOf } from './openers.js'

/** What {@link FolderCare} works with. */
export interface FolderCareOptions {
  readonly storage: FileStorage
  readonly ledger: Ledger
  readonly clock: Clock
  /** When this process came, before it made a file. */
  readonly cameAt: EpochMs
  /** Lines of the ledger from this byte on are this process's own. */
  readonly bytesBefore: number
  /** Ends the work between two files. */
  readonly signal?: AbortSignal
  /** Waits between pieces, for work that must not disturb. Default not at all. */
  readonly pause?: () => Promise<void>
}

/** Looks after a folder of recordings at the start: reads its ledger, then finishes what a crash left behind. */
export class FolderCare {
  readonly #options: FolderCareOptions
  #writers: readonly Writer[] = []

  constructor(options: FolderCareOptions) {
    this.#options = options
  }

  /** What stands in the ledger, and who wrote it; files have what journals held of them. @throws {@link StorageError} */
  async read(): Promise<LedgerScan> {
    const { storage, bytesBefore, clock, signal } = this.#options
    await recoverJournals({ directory: storage.location, clock, ...(signal && { signal }) })
    this.#writers = await writersOf(dirname(join(storage.location, LEDGER_NAME)))
    const scan = new LedgerScan()
    if (bytesBefore === 0) return scan
    for await (const line of readLedgerLines(storage.read(LEDGER_NAME, { startByte: 0, endByte: bytesBefore })))
      scan.take(line)
    return scan
  }

  /** Who has written what begins at this byte of the ledger. */
  openerOf(startByte: number): Opener {
    return openerOf(startByte, this.#writers)
  }

  /** Whether somebody writes to the ledger beside the one who has opened it here. */
  get hasOthers(): boolean {
    return this.#writers.filter(({ liveness }) => liveness === 'alive').length > 1
  }

  /** Finishes the files that `scan` found open. */
  async *repair(scan: LedgerScan): AsyncGenerator<RepairOutcome> {
    const { storage, ledger, clock, signal, pause } = this.#options
    yield* recover({
      storage,
      ledger,
      clock,
      formats: builtInFormats,
      unfinished: scan.unfinished,
      openerOf: (startByte) => this.openerOf(startByte),
      ...(signal && { signal }),
      ...(pause && { pause }),
    })
    if (signal?.aborted) return
    yield* new EmptyFiles(this.#options).remove(this.#writers)
    for (const writer of this.#writers) if (writer.liveness !== 'alive') await writer.forget()
  }
}
