import type { Stats } from 'node:fs'
import { readlink, realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'

/**
 * Whether something that is open lies in a folder, or is the folder, whatever links its path held when it was opened.
 * @param directory - the folder
 * @param path - under which it was opened
 * @param fd - its descriptor
 * @param opened - what the descriptor tells
 */
export async function liesWithin(directory: string, path: string, fd: number, opened: Stats): Promise<boolean> {
  const root = await realpath(directory)
  const isIn = (real: string) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)
  // the kernel itself knows; a path can change between any two looks at it
  const told = await readlink(`/proc/self/fd/${fd}`).catch(() => undefined)
  if (told !== undefined) return isIn(told)
  const real = await realpath(path)
  const { dev, ino } = await stat(real)
  return isIn(real) && dev === opened.dev && ino === opened.ino
}
