import { toIsrError, type IsrError } from '../errors.js'
import { Announcer } from '../events.js'
import type { MendableStorage } from '../storages/storage.js'
import { sleep } from '../time/clock.js'
import { ForeignFiles, type ForeignFilesOptions } from './foreign-files.js'
import { LedgerTail } from './ledger-tail.js'
import { LedgerView } from './ledger-view.js'
import type { LibraryEntry, LibraryGap, LibraryQuiet } from './library-entry.js'
import { findEntries, type LibraryPage, type LibraryQuery } from './find.js'
import { filesInStatus, type LiveFile } from './live-files.js'
import { Timeline } from './timeline.js'

/** Names that came and went. */
export interface NameChange {
  /** Names that are new. */
  readonly added: readonly string[]
  /** Names that are gone. */
  readonly removed: readonly string[]
}

/** The names in a folder, looked at again and again. */
export interface NameWatch {
  /** What came and went since the last call. @throws {@link StorageError} */
  refresh(): Promise<NameChange>
}

/** Events of a {@link Library}. */
export interface LibraryEvents {
  /** A recording has appeared. */
  added: (entry: LibraryEntry) => unknown
  /** More is known of a recording, or it has grown. */
  changed: (entry: LibraryEntry) => unknown
  /** A recording is gone. */
  removed: (entry: LibraryEntry) => unknown
  /** The folder or its ledger cannot be read now; what was known stays. */
  fault: (fault: { readonly error: IsrError }) => unknown
}

/** What a {@link Library} works with. */
export interface LibraryParts extends Omit<ForeignFilesOptions, 'storage'> {
  /** The folder. */
  readonly storage: Pick<MendableStorage, 'read' | 'stat' | 'location'>
  /** Tells which names come and go in it. */
  readonly names: NameWatch
  /** Storage key of the ledger. */
  readonly ledgerName: string
  /** How often it looks again, in milliseconds. */
  readonly refreshMs: number
  /** Whether a name is one of a recording. */
  readonly isRecording: (name: string) => boolean
  /** Files that recorders of this process write; asked at each look. */
  readonly liveFiles?: () => readonly LiveFile[]
}

/**
 * The queryable view over a folder of recordings: what its ledger says, what lies in it, what grows in it; also of a recorder in another
 * process, also of files that no ledger knows. It writes nothing, looks again by itself, and can be made anew at any time.
 */
export class Library extends Announcer<LibraryEvents> implements AsyncDisposable {
  readonly #parts: LibraryParts
  readonly #view = new LedgerView()
  readonly #tail: LedgerTail
  readonly #timeline = new Timeline<LibraryEntry>()
  readonly #entries = new Map<string, LibraryEntry>()
  /** Files in the folder. */
  readonly #present = new Set<string>()
  readonly #stop = new AbortController()
  readonly #foreign: ForeignFiles
  /** Names of which something may be new. */
  readonly #pending = new Set<string>()
  #live: ReadonlyMap<string, LiveFile> = new Map()
  #version = 0
  #looking?: Promise<void>
  #loop?: Promise<void>

  /** Call {@link Library.start} next. */
  constructor(parts: LibraryParts) {
    super()
    this.#parts = parts
    this.#tail = new LedgerTail(parts.storage, parts.ledgerName, this.#view)
    const observer = {
      onFacts: (name: string, facts: Partial<LibraryEntry>) => this.#learn(name, facts),
      onFault: (error: IsrError) => this.events.emit('fault', { error }),
    }
    this.#foreign = new ForeignFiles(parts, observer, this.#stop.signal)
  }

  /** Looks for the first time, then goes on by itself. Never rejects: what cannot be read is told by `fault` and tried again. */
  async start(): Promise<void> {
    await this.refresh()
    this.#loop ??= this.#goOn()
  }

  /** Looks again now. Never rejects. */
  async refresh(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.events.emit('fault', { error: toIsrError(error, 'ISR_STORAGE_FAILED') }))
      .finally(() => {
        this.#looking = undefined
      })
    await this.#looking
  }

  /** Resolves when every foreign file that is known was read. */
  async settled(): Promise<void> {
    await this.refresh()
    await this.#foreign.settled()
  }

  /** Ends. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#looking
    await this.#loop
    await this.#foreign.settled()
  }

  /** Same as `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version
  }

  /** Number of recordings. */
  get size(): number {
    return this.#entries.size
  }

  /** Every recording, in order of time. */
  get entries(): readonly LibraryEntry[] {
    return this.#timeline.items
  }

  /** One recording; undefined when there is none of that name. */
  get(name: string): LibraryEntry | undefined {
    return this.#entries.get(name)
  }

  /** Recordings that match, latest first. */
  find(query: LibraryQuery = {}): LibraryPage {
    return findEntries(this.#timeline, query)
  }

  /** Time that was not recorded, of the whole ledger, in its order. */
  get gaps(): readonly LibraryGap[] {
    return this.#view.gaps
  }

  /** Stretches that a sound-activated source did not record, of the whole ledger, in its order. */
  get quiet(): readonly LibraryQuiet[] {
    return this.#view.quiet
  }

  async #goOn(): Promise<void> {
    const { clock, refreshMs } = this.#parts
    while (!this.#stop.signal.aborted) {
      await sleep(clock, refreshMs, this.#stop.signal)
      if (!this.#stop.signal.aborted) await this.refresh()
    }
  }

  async #look(): Promise<void> {
    const { names: watch, clock, storage, isRecording, liveFiles } = this.#parts
    // the folder first: a file is entered before its first byte, so what is there and unknown after the ledger is foreign
    const { added, removed } = await watch.refresh()
    for (const name of added) if (isRecording(name)) this.#present.add(name)
    for (const name of removed) this.#present.delete(name)
    for (const name of [...added, ...removed]) this.#pending.add(name)
    await this.#tail.refresh()
    const live = [...(await filesInStatus(storage, clock.now())), ...(liveFiles?.() ?? [])]
    for (const name of [...this.#live.keys(), ...live.map((file) => file.name)]) this.#pending.add(name)
    this.#live = new Map(live.map((file) => [file.name, file]))
    for (const name of this.#view.takeChanged()) this.#pending.add(name)
    const names = [...this.#pending]
    this.#pending.clear()
    await this.#update(names)
    await this.#foreign.look()
  }

  async #update(names: readonly string[]): Promise<void> {
    const gone = new Set<LibraryEntry>()
    const found: LibraryEntry[] = []
    const strangers: string[] = []
    for (const name of names) {
      const known = this.#entries.get(name)
      const said = this.#view.get(name)
      if (!this.#present.has(name)) {
        if (known) gone.add(known)
      } else if (said) found.push(said.state === 'closed' ? said : await this.#withLife(said))
      else if (known?.state !== 'foreign') strangers.push(name)
    }
    found.push(...(await this.#foreign.glanceAll(strangers)))
    const fresh = found.filter((entry) => !this.#entries.has(entry.name))
    for (const next of found) {
      const known = this.#entries.get(next.name)
      if (known && !same(known, next)) this.#replace(known, next)
    }
    this.#timeline.addAll(fresh)
    this.#timeline.removeAll(gone)
    for (const entry of fresh) this.#entries.set(entry.name, entry)
    for (const { name } of gone) this.#entries.delete(name)
    if (fresh.length + gone.size > 0) this.#version++
    for (const entry of fresh) this.events.emit('added', entry)
    for (const entry of gone) this.events.emit('removed', entry)
  }

  async #withLife(said: LibraryEntry): Promise<LibraryEntry> {
    const live = this.#live.get(said.name)
    if (live) return { ...said, active: true, durationSeconds: live.durationSeconds, sizeBytes: live.sizeBytes }
    const file = await this.#parts.storage.stat(said.name).catch(() => undefined)
    return { ...said, sizeBytes: file?.sizeBytes ?? 0 }
  }

  #learn(name: string, facts: Partial<LibraryEntry>): void {
    const known = this.#entries.get(name)
    if (known?.state === 'foreign') this.#replace(known, { ...known, ...facts })
  }

  #replace(known: LibraryEntry, next: LibraryEntry): void {
    this.#timeline.replace(known, next)
    this.#entries.set(next.name, next)
    this.#version++
    this.events.emit('changed', next)
  }
}

function same(one: LibraryEntry, other: LibraryEntry): boolean {
  return (
    one.state === other.state &&
    one.active === other.active &&
    one.sizeBytes === other.sizeBytes &&
    one.durationSeconds === other.durationSeconds &&
    one.startedAt === other.startedAt &&
    one.run === other.run &&
    one.closedBy === other.closedBy &&
    one.titles.length === other.titles.length
  )
}
