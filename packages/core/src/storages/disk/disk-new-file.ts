import { randomUUID } from 'node:crypto'
import { link, lstat, open, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StorageError } from '../../errors.js'
import type { NewFile } from '../storage.js'
import { storageFault } from '../storage-fault.js'
import { TemporaryFile } from './temporary-file.js'

/** What file systems answer that know no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EACCES'])

/** A new file on disk. What exists is never overwritten. */
export class DiskNewFile extends TemporaryFile implements NewFile {
  /** @throws {@link StorageError} `ISR_STORAGE_EXISTS` when something of that name exists; others when it cannot be written */
  static async begin(path: string): Promise<DiskNewFile> {
    try {
      if (await exists(path)) throw existing(path)
      const temporary = join(dirname(path), `.isr-${process.pid}-${randomUUID().slice(0, 8)}.part`)
      return new DiskNewFile({ path, temporary, handle: await open(temporary, 'wx'), action: 'write' })
    } catch (error) {
      throw storageFault(error, 'create', path)
    }
  }

  /** A link is refused where the name is taken; a rename would overwrite. */
  protected override async takeName(): Promise<void> {
    try {
      await link(this.temporary, this.path)
      await unlink(this.temporary)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') throw existing(this.path)
      if (!NO_LINKS.has(code)) throw error
      // an empty file holds the name, so that what the rename replaces is ours
      await (await open(this.path, 'wx')).close()
      await rename(this.temporary, this.path)
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
