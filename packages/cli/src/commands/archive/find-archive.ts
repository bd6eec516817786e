import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { UsageError } from '../../output/errors.js'

const LEDGER = join('.isr', 'ledger.jsonl')

/** A folder of recordings, and what of it is meant. */
export interface Archive {
  /** The folder with the ledger; without one, the folder that was named. */
  readonly directory: string
  /** Storage key of the file, or of the folder inside, that was named; absent for all of it. */
  readonly inside?: string
  /** A file was named, no folder. */
  readonly isFile: boolean
}

/** The folder of recordings that a path lies in: the nearest one upwards that has a ledger. @throws UsageError */
export async function findArchive(path: string): Promise<Archive> {
  const facts = await stat(path).catch(() => undefined)
  if (!facts) throw new UsageError(`${path} does not exist`)
  const isFile = !facts.isDirectory()
  const named = isFile ? dirname(path) : path
  for (let folder = resolve(named); ; folder = dirname(folder)) {
    if (await stat(join(folder, LEDGER)).catch(() => undefined)) {
      const inside = relative(folder, resolve(path)).split(sep).join('/')
      // what was typed is shown again
      return {
        directory: inside === '' ? path : shorter(folder, path, inside),
        isFile,
        ...(inside !== '' && { inside }),
      }
    }
    if (folder === dirname(folder)) break
  }
  return { directory: named, isFile, ...(isFile && { inside: basename(path) }) }
}

/** The folder as it was typed, when that is how the path begins. */
function shorter(folder: string, path: string, inside: string): string {
  const typed = path.replace(/\/+$/, '')
  const head = typed.endsWith(`/${inside}`) ? typed.slice(0, -inside.length - 1) : ''
  return head !== '' && resolve(head) === folder ? head : folder
}
