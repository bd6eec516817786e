import { dirname } from 'node:path'
import { AppendFile } from '../append-file.js'
import { storageFault } from '../storage-fault.js'
import { Presence } from './presence.js'

/** A ledger on disk: lines that only grow, and a note beside them that this process writes here. */
export class LedgerFile {
  readonly #file: AppendFile
  readonly #presence: Presence
  #bytesBefore = Infinity

  /** @param path - of the file; made when missing */
  constructor(path: string) {
    this.#file = new AppendFile(path)
    this.#presence = new Presence(dirname(path))
  }

  /**
   * Opens it. Needed only by those who want to know what stood there before; `append` opens it as well.
   * @returns its size in bytes before this process wrote anything
   * @throws {@link StorageError}
   */
  async open(): Promise<number> {
    if (this.#file.isOpen) return this.#bytesBefore
    const sizeBytes = await this.#file.open()
    // a folder that was removed and made anew begins again
    this.#bytesBefore = Math.min(this.#bytesBefore, sizeBytes)
    try {
      await this.#presence.enter(this.#bytesBefore)
    } catch (error) {
      await this.#file.close()
      throw storageFault(error, 'write', this.#file.path)
    }
    return this.#bytesBefore
  }

  /**
   * Appends whole lines in one write and forces them to disk. More may be appended as soon as these are written.
   * @param onWritten - told when they have left this process
   * @throws {@link StorageError}
   */
  async append(text: string, onWritten?: () => void): Promise<void> {
    await this.open()
    await this.#file.append(text, onWritten)
  }

  /** Closes it; `append` opens it again. */
  async close(): Promise<void> {
    await this.#file.close()
    await this.#presence.leave()
  }
}
