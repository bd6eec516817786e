import { open } from 'node:fs/promises'
import type { Patch } from '../../model.js'
import { storageFault } from '../storage-fault.js'
import { writeAll } from './write-all.js'

/** Writes over bytes of a file in place and forces them to disk; the time of its last change stays. @throws {@link StorageError} */
export async function overwriteFile(path: string, patches: readonly Patch[]): Promise<void> {
  try {
    const handle = await open(path, 'r+')
    try {
      const { atime, mtime } = await handle.stat()
      for (const { offsetBytes, bytes } of patches) await writeAll(handle, bytes, offsetBytes)
      await handle.utimes(atime, mtime)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw storageFault(error, 'mend', path)
  }
}
