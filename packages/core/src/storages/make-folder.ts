import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it; one that exists is fine.
 *
 * Not `mkdir(path, { recursive: true })`: Node.js 20 to 24 tries again for ever, at full load of the event loop, where a
 * folder exists and yet answers ENOENT to a new one in it, as /proc does and network volumes can.
 * @throws the error of Node.js
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path)
  } catch (error) {
    const parent = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error
    await makeFolder(parent)
    await makeOne(path)
  }
}

/** What exists and is no folder shows when something is created in it. */
async function makeOne(path: string): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
