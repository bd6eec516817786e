import { randomBytes } from 'node:crypto'
import { open, readdir, rename, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from './disk/sync-folder.js'
import { makeFolder } from './make-folder.js'
import { storageFault } from './storage-fault.js'

/** How {@link writeFileAtomic} does it. */
export interface WriteFileOptions {
  /** Whether it is forced to disk before it is done: for what cannot be made again. @defaultValue false */
  readonly isDurable?: boolean
}

/** Replaces a small file whole: readers see the old or the new content, never a part. @throws {@link StorageError} */
export async function writeFileAtomic(
  path: string,
  content: string | Iterable<Uint8Array>,
  { isDurable = false }: WriteFileOptions = {},
): Promise<void> {
  // two may write the same file at the same time
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await makeFolder(dirname(path))
    const handle = await open(temporary, 'w')
    try {
      await writeFile(handle, content)
      if (isDurable) await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
    if (isDurable) await syncFolder(dirname(path))
  } catch (error) {
    await unlink(temporary).catch(() => {}) // a full volume would keep it for ever
    throw storageFault(error, 'write', path)
  }
}

/** Removes a file that may be gone already. @throws {@link StorageError} */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw storageFault(error, 'remove', path)
  })
}

/** Names in a folder; none when it cannot be read. Never rejects. */
export function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}

/** Takes a file for oneself by another name: of several who try one gets it. @returns whether it was got. Never rejects. */
export function claimFile(path: string, as: string): Promise<boolean> {
  return rename(path, as).then(
    () => true,
    () => false,
  )
}
