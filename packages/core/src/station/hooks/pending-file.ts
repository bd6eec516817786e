import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { claimFile, namesIn, removeFile, writeFileAtomic } from '../../storages/atomic-file.js'
import { livenessOf, ownIdentity, type ProcessIdentity } from '../../storages/presence/process-identity.js'
import { readSmallFile } from '../../storages/small-file.js'
import { HOOK_OF, type Delivery } from './hook-event.js'

const MOST_BYTES = 32 << 20

/** What others have left untold. */
interface LeftDeliveries {
  readonly deliveries: readonly Delivery[]
  /** They are kept elsewhere now. Never rejects. */
  forget(): Promise<void>
}

/**
 * What is still to be told to addresses that do not answer, so that a restart forgets nothing: `.isr/hooks/<pid>-<random>.jsonl`. The
 * first line says whose it is, then comes a line for each. Recorders that share a folder have a file each; one that is gone leaves it
 * to whoever starts next.
 */
export class PendingFile {
  readonly #folder: string
  readonly #path: string
  #isThere = false

  /** @param directory - folder of the recordings */
  constructor(directory: string) {
    this.#folder = join(directory, '.isr/hooks')
    this.#path = this.#newPath()
  }

  /**
   * What recorders that run no more have left, as far as `isOurs`; nothing of what cannot be read. Of one on another machine or in
   * another container it cannot be known whether it runs: something may be told twice, but never not at all. Never rejects.
   */
  async takeLeft(isOurs: (delivery: Delivery) => boolean): Promise<LeftDeliveries> {
    const left: (readonly [path: string, theirs: readonly Delivery[]])[] = []
    const deliveries: Delivery[] = []
    for (const name of await namesIn(this.#folder)) {
      if (!name.endsWith('.jsonl')) continue
      const path = join(this.#folder, name)
      const lines = await linesOf(path)
      if (path === this.#path || !lines || (await isAlive(lines[0]))) continue
      const claimed = this.#newPath()
      // another one may start at the same moment: one of us gets it
      if (!(await claimFile(path, claimed))) continue
      const found = lines.flatMap(parse)
      deliveries.push(...found.filter(isOurs))
      left.push([claimed, found.filter((delivery) => !isOurs(delivery))])
    }
    const forget = async () => {
      for (const [path, theirs] of left)
        await (theirs.length > 0 ? write(path, theirs) : removeFile(path)).catch(() => {})
    }
    return { deliveries, forget }
  }

  /** Replaces ours whole; nothing to tell is no file. @param isLeft - for the next start: we end @throws {@link StorageError} */
  async write(deliveries: readonly Delivery[], isLeft: boolean): Promise<void> {
    if (deliveries.length > 0) {
      await write(this.#path, deliveries, isLeft ? undefined : await ownIdentity())
      this.#isThere = true
    } else if (this.#isThere) {
      await removeFile(this.#path)
      this.#isThere = false
    }
  }

  #newPath(): string {
    return join(this.#folder, `${process.pid}-${randomBytes(4).toString('hex')}.jsonl`)
  }
}

function write(path: string, deliveries: readonly Delivery[], owner?: ProcessIdentity): Promise<void> {
  const lines = [...(owner ? [{ v: 1, ...owner }] : []), ...deliveries]
  return writeFileAtomic(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

async function linesOf(path: string): Promise<string[] | undefined> {
  try {
    const bytes = await readSmallFile(path, MOST_BYTES)
    return bytes && new TextDecoder().decode(bytes).split('\n')
  } catch {
    return undefined // it has just gone
  }
}

/** Whether the process that this line names runs. */
async function isAlive(line: string): Promise<boolean> {
  try {
    const owner = JSON.parse(line) as Partial<ProcessIdentity> | null
    if (typeof owner?.pid !== 'number' || typeof owner.host !== 'string') return false
    return (await livenessOf({ ...owner, pid: owner.pid, host: owner.host }, await ownIdentity())) === 'alive'
  } catch {
    return false
  }
}

function parse(line: string): Delivery[] {
  try {
    const { id, source, event, firstAt, attempts, body } = JSON.parse(line) as Delivery
    const texts = [id, source, body].every((text) => typeof text === 'string')
    const numbers = [firstAt, attempts].every((value) => Number.isFinite(value))
    return texts && numbers && Object.hasOwn(HOOK_OF, event) ? [{ id, source, event, firstAt, attempts, body }] : []
  } catch {
    return []
  }
}
