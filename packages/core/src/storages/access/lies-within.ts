import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'

/**
 * Whether an opened file lies in a folder, whatever links its path holds now or held when it was opened.
 * @param directory - the folder
 * @param path - under which it was opened
 * @param opened - what its handle tells
 */
export async function liesWithin(directory: string, path: string, opened: Stats): Promise<boolean> {
  const [root, real] = await Promise.all([realpath(directory), realpath(path)])
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) return false
  const { dev, ino } = await stat(real)
  return dev === opened.dev && ino === opened.ino
}
