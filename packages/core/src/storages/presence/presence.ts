import { randomBytes } from 'node:crypto'
import { readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EpochMs } from '../../model.js'
import { makeFolder } from '../make-folder.js'
import { livenessOf, ownIdentity, type Liveness, type ProcessIdentity } from './process-identity.js'

const FOLDER = 'live'

/** A process that writes, or wrote, to a ledger. */
export interface Writer {
  /** Whether it is still there. */
  readonly liveness: Liveness
  /** Size of the ledger when it came: all that stands before was written by others. */
  readonly ledgerBytes: number
  /** When it came, by the clock of the file system. */
  readonly cameAt: EpochMs
  /** Forgets a writer that is gone. Never rejects. */
  forget(): Promise<void>
}

/**
 * A small file beside the ledger that says: this process writes here. It is removed when the ledger is closed, and stays when
 * the process is killed; so repair can tell what a crash left behind from what is being recorded.
 */
export class Presence {
  readonly #path: string
  readonly #folder: string

  /** @param ledgerFolder - folder of the ledger */
  constructor(ledgerFolder: string) {
    this.#folder = join(ledgerFolder, FOLDER)
    this.#path = join(this.#folder, `${process.pid}-${randomBytes(4).toString('hex')}.json`)
  }

  /** Shows it. @throws the error of Node.js */
  async enter(ledgerBytes: number): Promise<void> {
    await makeFolder(this.#folder)
    await writeFile(this.#path, JSON.stringify({ v: 1, ...(await ownIdentity()), ledgerBytes }))
  }

  /** Takes it away. Never rejects. */
  async leave(): Promise<void> {
    await unlink(this.#path).catch(() => {})
  }
}

/** Everybody who writes to the ledger in this folder, or was killed while doing so. */
export async function writersOf(ledgerFolder: string): Promise<Writer[]> {
  const folder = join(ledgerFolder, FOLDER)
  const names = await readdir(folder).catch(() => [])
  const own = await ownIdentity()
  const writers = await Promise.all(names.map((name) => readWriter(join(folder, name), own)))
  return writers.filter((writer) => writer !== undefined)
}

async function readWriter(path: string, own: ProcessIdentity): Promise<Writer | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined // it has just left
  const found = parse(text)
  const facts = await stat(path).catch(() => undefined)
  return {
    // what cannot be read tells nothing
    liveness: found ? await livenessOf(found, own) : 'unknown',
    ledgerBytes: found?.ledgerBytes ?? 0,
    cameAt: facts?.mtimeMs ?? Infinity,
    forget: () => unlink(path).catch(() => {}),
  }
}

function parse(text: string): (ProcessIdentity & { readonly ledgerBytes: number }) | undefined {
  try {
    const found = JSON.parse(text) as Partial<ProcessIdentity & { ledgerBytes: number }> | null
    if (typeof found?.pid !== 'number' || typeof found.host !== 'string') return undefined
    return { ...found, pid: found.pid, host: found.host, ledgerBytes: Number(found.ledgerBytes) || 0 }
  } catch {
    return undefined
  }
}
