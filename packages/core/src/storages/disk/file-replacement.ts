import { open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Patch } from '../../model.js'
import type { Replacement } from '../storage.js'
import { storageFault } from '../storage-fault.js'
import { syncFolder } from './sync-folder.js'
import { writeAll } from './write-all.js'

const READ_BYTES = 256 * 1024

/**
 * A new version of a file under a hidden name in the same folder, so that the rename is one step on one volume. It takes over
 * mode, owner and time of the last change: the audio is not younger because somebody mended it.
 */
export class FileReplacement implements Replacement {
  readonly #path: string
  readonly #temporary: string
  readonly #handle: FileHandle
  #done = false

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.#path = path
    this.#temporary = temporary
    this.#handle = handle
  }

  /** Begins; what an earlier attempt left behind is removed. @throws {@link StorageError} */
  static async begin(path: string): Promise<FileReplacement> {
    try {
      const old = await open(path, 'r')
      try {
        const { mode } = await old.stat()
        await removeLeftovers(path)
        const temporary = join(dirname(path), `${leftoverPrefix(path)}${process.pid}`)
        return new FileReplacement(path, temporary, await open(temporary, 'wx+', mode & 0o777))
      } finally {
        await old.close()
      }
    } catch (error) {
      throw storageFault(error, 'mend', path)
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#try(() => writeAll(this.#handle, bytes))
  }

  async patch(patches: readonly Patch[]): Promise<void> {
    for (const { offsetBytes, bytes } of patches) await this.#try(() => writeAll(this.#handle, bytes, offsetBytes))
  }

  async *read(): AsyncIterable<Uint8Array> {
    for (let at = 0; ;) {
      const buffer = new Uint8Array(READ_BYTES)
      const { bytesRead } = await this.#try(() => this.#handle.read(buffer, 0, buffer.length, at))
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  async commit(): Promise<void> {
    await this.#try(async () => {
      const old = await open(this.#path, 'r')
      try {
        const { uid, gid, atime, mtime } = await old.stat()
        // another owner can be set by root alone: then the file is ours
        await this.#handle.chown(uid, gid).catch(() => {})
        await this.#handle.utimes(atime, mtime)
      } finally {
        await old.close()
      }
      await this.#handle.sync()
      await rename(this.#temporary, this.#path)
      await syncFolder(dirname(this.#path))
    })
    this.#done = true
    await this.#handle.close().catch(() => {})
  }

  async abandon(): Promise<void> {
    if (this.#done) return
    this.#done = true
    await this.#handle.close().catch(() => {})
    await unlink(this.#temporary).catch(() => {})
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw storageFault(error, 'mend', this.#path)
    }
  }
}

function leftoverPrefix(path: string): string {
  // a name may be 255 bytes long: the prefix must not make it longer
  return `.${Buffer.from(basename(path))
    .subarray(0, 200)
    .toString('latin1')
    .replace(/[^\w.-]/g, '_')}.repair-`
}

async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path)
  const prefix = leftoverPrefix(path)
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix)) await unlink(join(folder, name)).catch(() => {})
  }
}
