import { unlink, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Patch } from '../../model.js'
import { storageFault } from '../storage-fault.js'
import { syncFolder } from './sync-folder.js'
import { writeAll } from './write-all.js'

/** Where a {@link TemporaryFile} is, and where it will be. */
export interface TemporaryFilePlace {
  /** The name that it gets when it is whole. */
  readonly path: string
  /** The hidden name that it has until then, in the same folder, so that naming is one step on one volume. */
  readonly temporary: string
  /** Open for writing, under that name. */
  readonly handle: FileHandle
  /** What is being done, for messages: `write`. */
  readonly action: string
}

/** A file that is not seen until it is whole. */
export abstract class TemporaryFile {
  readonly path: string
  protected readonly temporary: string
  protected readonly handle: FileHandle
  readonly #action: string
  #done = false

  protected constructor({ path, temporary, handle, action }: TemporaryFilePlace) {
    this.path = path
    this.temporary = temporary
    this.handle = handle
    this.#action = action
  }

  /** Adds bytes at the end; resolves when more may come. @throws {@link StorageError} */
  write(bytes: Uint8Array): Promise<void> {
    return this.attempt(() => writeAll(this.handle, bytes))
  }

  /** Writes over what stands there already. @throws {@link StorageError} */
  async patch(patches: readonly Patch[]): Promise<void> {
    for (const { offsetBytes, bytes } of patches) await this.attempt(() => writeAll(this.handle, bytes, offsetBytes))
  }

  /** Forces it to disk and gives it its name. @throws {@link StorageError} */
  async commit(): Promise<void> {
    await this.attempt(async () => {
      await this.finish()
      await this.handle.sync()
      await this.takeName()
      await syncFolder(dirname(this.path))
    })
    this.#done = true
    await this.handle.close().catch(() => {})
  }

  /** Drops it: nothing of it stays. Harmless after `commit`. Never rejects. */
  async abandon(): Promise<void> {
    if (this.#done) return
    this.#done = true
    await this.handle.close().catch(() => {})
    await unlink(this.temporary).catch(() => {})
  }

  /** What has to be done while it is still hidden. */
  protected finish(): Promise<void> {
    return Promise.resolve()
  }

  /** Makes `temporary` become `path`. */
  protected abstract takeName(): Promise<void>

  /** Does work on the disk; what goes wrong is a {@link StorageError}. */
  protected async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw storageFault(error, this.#action, this.path)
    }
  }
}
