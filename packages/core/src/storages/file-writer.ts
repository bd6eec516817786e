import type { FileHandle } from 'node:fs/promises'
import { StorageError } from '../errors.js'
import type { Patch } from '../model.js'
import type { Clock, Timer } from '../time/clock.js'
import type { RecordingWriter } from './storage.js'
import { writeAll } from './disk/write-all.js'
import { storageFault } from './storage-fault.js'

/** What a {@link FileWriter} works on. */
export interface FileWriterOptions {
  readonly name: string
  readonly path: string
  readonly handle: FileHandle
  readonly syncMs: number
  readonly clock: Clock
}

/** Writes one file: everything queued goes out in one call, one call at a time, forced to disk every `syncMs`. */
export class FileWriter implements RecordingWriter {
  readonly name: string
  readonly failed: Promise<never>
  readonly #options: FileWriterOptions
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #writtenUnsyncedBytes = 0
  #fault?: StorageError
  #fail!: (error: StorageError) => void
  #busy: Promise<void> = Promise.resolve()
  #scheduled = false
  #finishing = false
  #syncTimer?: Timer

  constructor(options: FileWriterOptions) {
    this.name = options.name
    this.#options = options
    this.failed = new Promise<never>((_, reject) => {
      this.#fail = reject
    })
    this.failed.catch(() => {})
  }

  get unsyncedBytes(): number {
    return this.#queuedBytes + this.#writtenUnsyncedBytes
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#fault) return
    this.#queue.push(bytes)
    this.#queuedBytes += bytes.length
    if (this.#scheduled) return
    this.#scheduled = true
    void this.#inTurn('write', () => this.#drain())
  }

  async commit(patches: readonly Patch[]): Promise<void> {
    // what follows is synced here: no timer may touch the handle once it is closed
    this.#finishing = true
    this.#syncTimer?.cancel()
    const { handle, path } = this.#options
    await this.#inTurn('finish', async () => {
      await this.#drain()
      for (const patch of patches) await writeAll(handle, patch.bytes, patch.offsetBytes)
      await this.#sync()
      this.#writtenUnsyncedBytes = 0
    })
    await handle.close().catch((error: unknown) => this.#break(storageFault(error, 'close', path)))
    if (this.#fault) throw this.#fault
  }

  /** One operation at a time; after the first fault none. */
  #inTurn(action: string, work: () => Promise<void>): Promise<void> {
    this.#busy = this.#busy.then(async () => {
      if (this.#fault) return
      try {
        await work()
      } catch (error) {
        this.#break(storageFault(error, action, this.#options.path))
      }
    })
    return this.#busy
  }

  #break(fault: StorageError): void {
    if (this.#fault) return
    this.#fault = fault
    this.#fail(fault)
  }

  async #drain(): Promise<void> {
    this.#scheduled = false
    const parts = this.#queue
    if (parts.length === 0) return
    this.#queue = []
    const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts)
    await writeAll(this.#options.handle, bytes)
    this.#queuedBytes -= bytes.length
    if (this.#options.syncMs > 0) this.#planSync(bytes.length)
  }

  /** A file that was removed takes bytes for ever, and nobody will read them: that is a fault, too. */
  async #sync(): Promise<void> {
    const { handle, path } = this.#options
    await handle.datasync()
    if ((await handle.stat()).nlink > 0) return
    throw new StorageError('ISR_STORAGE_NOT_FOUND', `cannot write ${path}: it was removed while it was recorded`)
  }

  #planSync(writtenBytes: number): void {
    const { syncMs, clock } = this.#options
    this.#writtenUnsyncedBytes += writtenBytes
    if (this.#syncTimer || this.#finishing) return
    this.#syncTimer = clock.after(syncMs, () => {
      this.#syncTimer = undefined
      void this.#inTurn('write', async () => {
        const durable = this.#writtenUnsyncedBytes
        await this.#sync()
        this.#writtenUnsyncedBytes -= durable
      })
    })
  }
}
