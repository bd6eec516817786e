import { toIsrError, type IsrError } from '../errors.js'
import type { EpochMs } from '../model.js'
import { gentlePace } from '../recovery/gentle-pace.js'
import type { StoredFile } from '../storages/storage.js'
import type { Clock } from '../time/clock.js'
import { utcOffsetMinutes } from '../time/strftime.js'
import type { LibraryEntry } from './library-entry.js'
import { readForeign, type ReadForeignOptions } from './read-foreign.js'

/** What is told of foreign files. */
export interface ForeignObserver {
  /** More is known of a file. */
  onFacts(name: string, facts: Partial<LibraryEntry>): void
  /** A file cannot be read; it stays in the list with what its name and size tell. */
  onFault(error: IsrError): void
}

/** What the reader of foreign files works with. */
export interface ForeignFilesOptions extends Omit<ReadForeignOptions, 'pause'> {
  /** Time and timers. */
  readonly clock: Clock
  /** Source of files that do not tell theirs. */
  readonly source: string
}

/** A file that has changed within this time may still grow. */
const QUIET_MS = 15_000
/** As many as the threads of Node's pool keep busy. */
const AT_ONCE = 64

/** Files that no ledger knows: listed at once, read one after another, looked at again while they grow. */
export class ForeignFiles {
  readonly #options: ForeignFilesOptions
  readonly #observer: ForeignObserver
  readonly #signal: AbortSignal
  readonly #unread: string[] = []
  /** Those that may still grow, and how long they were. */
  readonly #growing = new Map<string, number>()
  #reading?: Promise<void>

  /**
   * @param options - how they are read
   * @param observer - told of what they hold
   * @param signal - ends it
   */
  constructor(options: ForeignFilesOptions, observer: ForeignObserver, signal: AbortSignal) {
    this.#options = options
    this.#observer = observer
    this.#signal = signal
  }

  /** What can be told of files before they are read; those that are gone already are left out. */
  async glanceAll(names: readonly string[]): Promise<LibraryEntry[]> {
    const entries: LibraryEntry[] = []
    for (let at = 0; at < names.length; at += AT_ONCE) {
      const some = await Promise.all(names.slice(at, at + AT_ONCE).map((name) => this.#glance(name)))
      for (const entry of some) if (entry) entries.push(entry)
    }
    return entries
  }

  async #glance(name: string): Promise<LibraryEntry | undefined> {
    const { source, timeZone, storage, clock } = this.#options
    const file = await storage.stat(name).catch(() => undefined)
    if (!file) return undefined
    const startedAt = file.modifiedAt
    const active = this.#mayGrow(file, clock.now())
    this.#unread.push(name)
    return {
      name,
      source,
      startedAt,
      utcOffsetMinutes: utcOffsetMinutes(startedAt, timeZone),
      sizeBytes: file.sizeBytes,
      state: 'foreign',
      active,
      titles: [],
    }
  }

  /** Looks again at those that may have grown, and reads on. */
  async look(): Promise<void> {
    const { storage, clock } = this.#options
    for (const [name, sizeBytes] of this.#growing) {
      const file = await storage.stat(name).catch(() => undefined)
      if (!file) {
        this.#growing.delete(name)
        continue
      }
      const active = this.#mayGrow(file, clock.now())
      if (active && file.sizeBytes === sizeBytes) continue
      this.#observer.onFacts(name, { sizeBytes: file.sizeBytes, active })
      // its length is known when it is whole
      if (!active) this.#unread.push(name)
    }
    if (this.#unread.length === 0) return
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined
    })
  }

  /** Resolves when all that is known was read. */
  async settled(): Promise<void> {
    while (this.#reading) await this.#reading
  }

  #mayGrow({ name, sizeBytes, modifiedAt }: StoredFile, now: EpochMs): boolean {
    const grows = Math.abs(now - modifiedAt) < QUIET_MS
    if (grows) this.#growing.set(name, sizeBytes)
    else this.#growing.delete(name)
    return grows
  }

  /** One at a time, gently: recording goes first. */
  async #readAll(): Promise<void> {
    const pause = gentlePace(this.#options.clock, this.#signal)
    for (let name = this.#unread.shift(); name !== undefined; name = this.#unread.shift()) {
      if (this.#signal.aborted) return
      try {
        const file = await this.#options.storage.stat(name)
        this.#observer.onFacts(name, await readForeign(file, { ...this.#options, pause }))
      } catch (error) {
        const fault = toIsrError(error, 'ISR_STORAGE_FAILED')
        if (fault.code !== 'ISR_STORAGE_NOT_FOUND' && !this.#signal.aborted) this.#observer.onFault(fault)
      }
    }
  }
}
