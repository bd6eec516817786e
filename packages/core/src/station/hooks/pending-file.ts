import { join } from 'node:path'
import { removeFile, writeFileAtomic } from '../../storages/atomic-file.js'
import { readSmallFile } from '../../storages/small-file.js'
import { HOOK_OF, type Delivery } from './hook-event.js'

const MOST_BYTES = 32 << 20

/** What is still to be told to addresses that do not answer: `.isr/hooks.jsonl`, a line each, so that a restart forgets nothing. */
export class PendingFile {
  readonly #path: string
  #isThere = true

  /** @param directory - folder of the recordings */
  constructor(directory: string) {
    this.#path = join(directory, '.isr/hooks.jsonl')
  }

  /** What an earlier run has left; nothing when it cannot be read. Never rejects. */
  async read(): Promise<Delivery[]> {
    try {
      const bytes = await readSmallFile(this.#path, MOST_BYTES)
      return new TextDecoder().decode(bytes).split('\n').flatMap(parse)
    } catch {
      return []
    }
  }

  /** Replaces it whole; nothing to tell is no file. @throws {@link StorageError} */
  async write(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length > 0) {
      await writeFileAtomic(this.#path, deliveries.map((delivery) => `${JSON.stringify(delivery)}\n`).join(''))
      this.#isThere = true
    } else if (this.#isThere) {
      await removeFile(this.#path)
      this.#isThere = false
    }
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
