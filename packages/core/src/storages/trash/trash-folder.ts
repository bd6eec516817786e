import { randomBytes } from 'node:crypto'
import { link, lstat, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StorageError } from '../../errors.js'
import { syncFolder } from '../disk/sync-folder.js'
import { makeFolder } from '../make-folder.js'
import { checkName } from '../safe-name.js'
import { inFolder } from './in-folder.js'
import { storageFault } from '../storage-fault.js'

const FOLDER = '.isr/trash'

/** A file that was put aside. */
export interface TrashedFile {
  /** Identifies it. */
  readonly id: string
  /** Where it was. */
  readonly name: string
}

/** Files that are about to be removed: put aside on the same volume, so that they can come back. */
export class TrashFolder {
  readonly #directory: string

  /** @param directory - folder of the recordings */
  constructor(directory: string) {
    this.#directory = directory
  }

  /** Puts a file aside. @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` */
  async put(name: string): Promise<TrashedFile> {
    const path = join(this.#directory, checkName(name))
    const id = randomBytes(8).toString('hex')
    try {
      const place = this.#place(id, name)
      await inFolder(this.#directory, path, async (file) => {
        if (!(await lstat(file)).isFile()) throw new StorageError('ISR_STORAGE_NOT_FOUND', `${path} is not a file`)
        await makeFolder(dirname(place))
        await rename(file, place)
      })
      await syncFolder(dirname(path))
      return { id, name }
    } catch (error) {
      throw storageFault(error, 'remove', path)
    }
  }

  /** Brings a file back to where it was; nothing is overwritten. @throws {@link StorageError} `ISR_STORAGE_EXISTS`, `ISR_STORAGE_NOT_FOUND` */
  async restore({ id, name }: TrashedFile): Promise<void> {
    const path = join(this.#directory, name)
    try {
      await makeFolder(dirname(path))
      await inFolder(this.#directory, path, (file) => moveWithoutOverwriting(this.#place(id, name), file))
      await syncFolder(dirname(path))
    } catch (error) {
      throw storageFault(error, 'bring back', path)
    }
    await this.#tidy(id)
  }

  /** Removes what was put aside for good. @throws {@link StorageError} */
  async purge({ id }: TrashedFile): Promise<void> {
    try {
      await rm(join(this.#directory, FOLDER, id), { recursive: true, force: true })
    } catch (error) {
      throw storageFault(error, 'remove', join(this.#directory, FOLDER, id))
    }
  }

  /** What a crash left aside. @throws {@link StorageError} */
  async list(): Promise<TrashedFile[]> {
    const folder = join(this.#directory, FOLDER)
    try {
      const ids = await readdir(folder)
      const found = ids.map(async (id) => {
        const entries = await readdir(join(folder, id), { recursive: true, withFileTypes: true })
        const [file] = entries.filter((entry) => entry.isFile())
        return file ? [{ id, name: join(file.parentPath, file.name).slice(join(folder, id).length + 1) }] : []
      })
      return (await Promise.all(found)).flat()
    } catch (error) {
      const fault = storageFault(error, 'list', folder)
      if (fault.code === 'ISR_STORAGE_NOT_FOUND') return []
      throw fault
    }
  }

  #place(id: string, name: string): string {
    return join(this.#directory, FOLDER, id, name)
  }

  async #tidy(id: string): Promise<void> {
    await rm(join(this.#directory, FOLDER, id), { recursive: true, force: true }).catch(() => {})
    await rmdir(join(this.#directory, FOLDER)).catch(() => {}) // others may still lie there
  }
}

async function moveWithoutOverwriting(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
    await unlink(from)
  } catch (error) {
    // FAT and some network volumes have no second names
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    if (await stat(to).catch(() => undefined)) throw Object.assign(new Error(`${to} exists`), { code: 'EEXIST' })
    await rename(from, to)
  }
}
