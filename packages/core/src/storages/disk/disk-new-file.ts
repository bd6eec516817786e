import { randomUUID } from 'node:crypto'
import { link, lstat, open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StorageError } from '../../errors.js'
import type { Patch } from '../../model.js'
import type { NewFile } from '../storage.js'
import { storageFault } from '../storage-fault.js'
import { syncFolder } from './sync-folder.js'
import { writeAll } from './write-all.js'

/** What file systems answer that know no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EACCES'])

/** A file on disk that has a hidden name in the same folder until it is whole. What exists is never overwritten. */
export class DiskNewFile implements NewFile {
  readonly path: string
  readonly #temporary: string
  readonly #handle: FileHandle
  #done = false

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.path = path
    this.#temporary = temporary
    this.#handle = handle
  }

  /** @throws {@link StorageError} `ISR_STORAGE_EXISTS` when something of that name exists; others when it cannot be written */
  static async begin(path: string): Promise<DiskNewFile> {
    try {
      if (await exists(path)) throw existing(path)
      const temporary = join(dirname(path), `.isr-${process.pid}-${randomUUID().slice(0, 8)}.part`)
      return new DiskNewFile(path, temporary, await open(temporary, 'wx'))
    } catch (error) {
      throw storageFault(error, 'create', path)
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#try(() => writeAll(this.#handle, bytes))
  }

  async patch(patches: readonly Patch[]): Promise<void> {
    for (const { offsetBytes, bytes } of patches) await this.#try(() => writeAll(this.#handle, bytes, offsetBytes))
  }

  async commit(): Promise<void> {
    await this.#try(async () => {
      await this.#handle.sync()
      await this.#name()
      await syncFolder(dirname(this.path))
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

  /** A link is refused where the name is taken; a rename would overwrite. */
  async #name(): Promise<void> {
    try {
      await link(this.#temporary, this.path)
      await unlink(this.#temporary)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') throw existing(this.path)
      if (!NO_LINKS.has(code)) throw error
      // an empty file holds the name, so that what the rename replaces is ours
      await (await open(this.path, 'wx')).close()
      await rename(this.#temporary, this.path)
    }
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw storageFault(error, 'write', this.path)
    }
  }
}

/** Whether there is anything of that name, a link that leads nowhere included. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

function existing(path: string): StorageError {
  return new StorageError(
    'ISR_STORAGE_EXISTS',
    `${basename(path)} exists in ${dirname(path)}; nothing is ever overwritten: choose another name`,
  )
}
