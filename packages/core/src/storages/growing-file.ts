import { concatBytes } from '../bytes/concat.js'
import type { StorageError } from '../errors.js'
import { storageFault } from './storage-fault.js'
import { SideFile } from './volume/side-file.js'

/** Small pieces wait for each other. */
const WRITE_BYTES = 512

/**
 * A file beside the recordings that is made anew and only grows, such as that of levels: it can be made again from the recording, so it
 * is forced to disk at its end alone, and one of that name is replaced. Whoever gives it bytes never waits.
 */
export class GrowingFile {
  readonly #file: SideFile
  readonly #onFault: (error: StorageError) => void
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #writing: Promise<void> | undefined
  #failed = false

  /** @param onFault - told once, when it cannot be written: it takes nothing any more then */
  constructor(path: string, onFault: (error: StorageError) => void) {
    this.#file = new SideFile(path, 'anew')
    this.#onFault = onFault
  }

  /** Adds bytes, which nobody changes afterwards. Never throws. */
  append(bytes: Uint8Array): void {
    if (this.#failed) return
    this.#queue.push(bytes)
    this.#queuedBytes += bytes.length
    if (this.#queuedBytes >= WRITE_BYTES) this.#writing ??= this.#write()
  }

  /** Writes what is left, forces it to disk, and closes. Never rejects. */
  async end(): Promise<void> {
    await this.#writing
    if (!this.#failed && this.#queue.length > 0) await this.#write()
    await this.#file.close(true).catch((error: unknown) => this.#fail(error))
  }

  async #write(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const bytes = concatBytes(this.#queue)
        this.#queue = []
        this.#queuedBytes = 0
        await this.#file.append(bytes, false)
      }
    } catch (error) {
      this.#fail(error)
    }
    this.#writing = undefined
  }

  #fail(error: unknown): void {
    if (this.#failed) return
    this.#failed = true
    this.#queue = []
    this.#onFault(storageFault(error, 'write', this.#file.path))
  }
}
