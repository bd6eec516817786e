import { constants, existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StorageError } from '../../errors.js'
import { liesWithin } from '../access/lies-within.js'

/**
 * Does something with a file under a path that leads through no folder but the one it was opened in: whoever puts a link in the place
 * of that folder meanwhile changes nothing. Where the system has no `/proc`, under its path as it is.
 * @param directory - the folder of the file must lie in it
 * @param path - of the file
 * @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` when it lies elsewhere; what the file system says
 */
export async function inFolder<Result>(
  directory: string,
  path: string,
  work: (path: string) => Promise<Result>,
): Promise<Result> {
  if (!existsSync('/proc/self/fd')) return work(path)
  const folder = dirname(path)
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    if (!(await liesWithin(directory, folder, handle.fd, await handle.stat())))
      throw new StorageError('ISR_STORAGE_NOT_FOUND', `${path} lies elsewhere`)
    return await work(join('/proc/self/fd', String(handle.fd), basename(path)))
  } finally {
    await handle.close()
  }
}
