import { IsrError } from '../errors.js'
import { readLedgerLines } from '../ledger/read/read-lines.js'
import type { MendableStorage } from '../storages/storage.js'
import type { LedgerView } from './ledger-view.js'

/** Told what a ledger says. */
type LedgerReader = Pick<LedgerView, 'take' | 'clear'>

/** Reads on in a ledger that others write. */
export class LedgerTail {
  readonly #storage: Pick<MendableStorage, 'read' | 'stat'>
  readonly #name: string
  readonly #view: LedgerReader
  #nextByte = 0

  /**
   * @param storage - where the ledger is
   * @param name - its key
   * @param view - told every line
   */
  constructor(storage: Pick<MendableStorage, 'read' | 'stat'>, name: string, view: LedgerReader) {
    this.#storage = storage
    this.#name = name
    this.#view = view
  }

  /** Takes what is new. @throws {@link StorageError} when the ledger is there and cannot be read */
  async refresh(): Promise<void> {
    const sizeBytes = await this.#sizeBytes()
    if (sizeBytes < this.#nextByte) {
      // somebody has put another ledger in its place
      this.#view.clear()
      this.#nextByte = 0
    }
    if (sizeBytes === this.#nextByte) return
    const from = this.#nextByte
    const chunks = this.#storage.read(this.#name, { startByte: from, endByte: sizeBytes })
    let torn = false
    for await (const line of readLedgerLines(chunks)) {
      this.#nextByte = from + line.startByte
      if ('entry' in line) this.#view.take(line.entry)
      // a line that is being written is read again when it is whole
      else if ('fault' in line) torn = line.fault.startsWith('is torn')
    }
    if (!torn) this.#nextByte = sizeBytes
  }

  async #sizeBytes(): Promise<number> {
    try {
      return (await this.#storage.stat(this.#name)).sizeBytes
    } catch (error) {
      if (error instanceof IsrError && error.code === 'ISR_STORAGE_NOT_FOUND') return 0
      throw error
    }
  }
}
