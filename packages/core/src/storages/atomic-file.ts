import { open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder } from './make-folder.js'
import { storageFault } from './storage-fault.js'

/** Replaces a small file whole: readers see the old or the new text, never a part. @throws {@link StorageError} */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    await makeFolder(dirname(path))
    const handle = await open(temporary, 'w')
    try {
      await handle.writeFile(text)
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
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
