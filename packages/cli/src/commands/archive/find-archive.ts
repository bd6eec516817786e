import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { UsageError } from '../../output/errors.js'

/** The ledger of a folder, from there. */
export const LEDGER = join('.isr', 'ledger.jsonl')

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
  const folder = await withLedger(resolve(named))
  if (folder === undefined) return { directory: named, isFile, ...(isFile && { inside: basename(path) }) }
  const inside = relative(folder, resolve(path)).split(sep).join('/')
  // what was typed is shown again
  const directory = inside === '' ? path : shorter(folder, path, inside)
  return { directory, isFile, ...(inside !== '' && { inside }) }
}

/** Whether a file lies in a folder of recordings that has a ledger. */
export async function isArchived(file: string): Promise<boolean> {
  return (await withLedger(dirname(resolve(file)))) !== undefined
}

/** The nearest folder upwards that has a ledger. */
async function withLedger(from: string): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    if (await stat(join(folder, LEDGER)).catch(() => undefined)) return folder
    if (folder === dirname(folder)) return undefined
  }
}

/** The folder as it was typed, when that is how the path begins. */
function shorter(folder: string, path: string, inside: string): string {
  const typed = path.replace(/\/+$/, '')
  const head = typed.endsWith(`/${inside}`) ? typed.slice(0, -inside.length - 1) : ''
  return head !== '' && resolve(head) === folder ? head : folder
}
