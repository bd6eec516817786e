import { join } from 'node:path'
import { FileAccess, livePatcherFor, readLiveView, type LivePatcher, type LiveView } from '@isr/core'

interface Growing {
  readonly patcher: LivePatcher
  /** One look at a time: a patcher remembers what it has seen. */
  looking: Promise<unknown>
}

const MAX_KEPT = 256

/** What to serve of files that are still written: valid files of their length so far. */
export class GrowingFiles {
  readonly #directory: string
  readonly #files = new Map<string, Growing>()

  /** @param directory - folder of the recordings */
  constructor(directory: string) {
    this.#directory = directory
  }

  /**
   * @param name - of a recording
   * @param format - of it
   * @returns undefined for a format that cannot be served while it grows
   * @throws {@link StorageError}
   */
  async view(name: string, format: string): Promise<LiveView | undefined> {
    const file = this.#file(name, format)
    if (!file) return undefined
    const look = file.looking.then(async () => {
      const access = await FileAccess.open(join(this.#directory, name), this.#directory)
      try {
        return await readLiveView(file.patcher, access)
      } finally {
        await access.close()
      }
    })
    file.looking = look.catch(() => {})
    return look
  }

  /** A file is whole, or gone. */
  forget(name: string): void {
    this.#files.delete(name)
  }

  #file(name: string, format: string): Growing | undefined {
    const known = this.#files.get(name)
    if (known) return known
    const patcher = livePatcherFor(format)
    if (!patcher) return undefined
    const [oldest] = this.#files.keys()
    if (this.#files.size >= MAX_KEPT && oldest !== undefined) this.#files.delete(oldest)
    const file = { patcher, looking: Promise.resolve() }
    this.#files.set(name, file)
    return file
  }
}
