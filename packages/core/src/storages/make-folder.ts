import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it; one that exists is fine.
 *
 * Not `mkdir(path, { recursive: true })`: Node.js 20 to 24 tries again for ever, at full load of the event loop, where a
 * folder exists and yet answers ENOENT to a new one in it, as /proc does and network volumes can.
 * @param make - makes one folder
 * @returns those that were not there, the uppermost first
 * @throws the error of Node.js
 */
export async function makeFolder(
  path: string,
  make: (path: string) => unknown = (path) => mkdir(path),
): Promise<readonly string[]> {
  try {
    return (await makeOne(path, make)) ? [path] : []
  } catch (error) {
    const parent = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error
    const above = await makeFolder(parent, make)
    return (await makeOne(path, make)) ? [...above, path] : above
  }
}

/** What exists and is no folder shows when something is created in it. */
async function makeOne(path: string, make: (path: string) => unknown): Promise<boolean> {
  try {
    await make(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}
