import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { concatBytes } from '../bytes/concat.js'
import type { StorageError } from '../errors.js'
import { writeAll } from './disk/write-all.js'
import { makeFolder } from './make-folder.js'
import { storageFault } from './storage-fault.js'

/** Small pieces wait for each other. */
const WRITE_BYTES = 512

/**
 * A file beside the recordings that is made anew and only grows, such as that of levels: it can be made again from the recording, so it
 * is forced to disk at its end alone, and one of that name is replaced. Whoever gives it bytes never waits.
 */
export class GrowingFile {
  readonly #path: string
  readonly #onFault: (error: StorageError) => void
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #handle?: FileHandle
  #writing: Promise<void> | undefined
  #failed = false

  /** @param onFault - told once, when it cannot be written: it takes nothing any more then */
  constructor(path: string, onFault: (error: StorageError) => void) {
    this.#path = path
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
    await this.#handle?.datasync().catch((error: unknown) => this.#fail(error))
    await this.#handle?.close().catch(() => {})
    this.#handle = undefined
  }

  async #write(): Promise<void> {
    try {
      if (!this.#handle) {
        await makeFolder(dirname(this.#path))
        this.#handle = await open(this.#path, 'w')
      }
      while (this.#queue.length > 0) {
        const bytes = concatBytes(this.#queue)
        this.#queue = []
        this.#queuedBytes = 0
        await writeAll(this.#handle, bytes)
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
    this.#onFault(storageFault(error, 'write', this.#path))
  }
}
