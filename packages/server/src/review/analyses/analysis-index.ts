import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Announcer, FolderTree, type Clock, type LibraryEntry, type Timer } from '@isr/core'
import { Recent } from '../recent.js'
import { parseKeptAnalysis, SECTION_NUMBERS, type KeptAnalysis } from './kept-analysis.js'

/** What an {@link AnalysisIndex} works with. */
export interface AnalysisIndexOptions {
  /** Folder of the analyses; need not exist. */
  readonly directory: string
  /** Time and timers. */
  readonly clock: Clock
}

/** Events of an {@link AnalysisIndex}. */
export interface AnalysisEvents {
  /** The analysis of a recording has come, changed or gone. */
  changed: (name: string) => unknown
}

interface Known {
  readonly analysis: KeptAnalysis | undefined
  /** Its file when it was read: time and size. */
  readonly mark: string
  checkedAtMs: number
}

const SUFFIX = '.analysis.json'
/** How often the names in the folder are looked at. */
const REFRESH_MS = 1000
/** Known analyses are looked at again after so long: another program may have replaced them. */
const RECHECK_MS = 60_000
/** Files that are read at the same time. */
const READERS = 8
/** Sections that are kept in memory, and a few for each file. */
const MOST_WEIGHT = 4_000_000
const FILE_WEIGHT = 8
/** More is no analysis of anybody. */
const MOST_BYTES = 16 << 20
/** Lists are made anew after so many files. */
const BATCH = 1000

/** What was kept of analyses, by the names of their recordings: read when somebody asks, then kept in memory. */
export class AnalysisIndex extends Announcer<AnalysisEvents> {
  readonly #options: AnalysisIndexOptions
  readonly #tree: FolderTree
  /** Recordings that have an analysis. */
  readonly #names = new Set<string>()
  readonly #known = new Recent<Known>(
    MOST_WEIGHT,
    ({ analysis }) => FILE_WEIGHT + (analysis?.sections.length ?? 0) / SECTION_NUMBERS,
  )
  #version = 0
  #looking?: Promise<void>
  #isReadingAll = false
  #timer?: Timer
  #isClosed = false

  constructor(options: AnalysisIndexOptions) {
    super()
    this.#options = options
    this.#tree = new FolderTree(options.directory, () => options.clock.now())
  }

  /** Looks for the first time, then goes on by itself. */
  async start(): Promise<void> {
    await this.refresh(false)
    this.#again()
  }

  /** Ends. */
  close(): void {
    this.#isClosed = true
    this.#timer?.cancel()
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version
  }

  /** Looks again at the names. Never rejects: a folder that cannot be read holds what it held. */
  async refresh(tells = true): Promise<void> {
    this.#looking ??= this.#look(tells).finally(() => {
      this.#looking = undefined
    })
    await this.#looking
  }

  /** An analysis may have been written by this server just now. Never rejects. */
  async look(name: string): Promise<void> {
    if (!(await this.#readOne(name))) return
    this.#names.add(name)
    this.#version++
    this.events.emit('changed', name)
  }

  /** What was kept of a recording as it is now, as far as it was read; undefined for none. */
  get({ name, sizeBytes }: LibraryEntry): KeptAnalysis | undefined {
    const analysis = this.#known.get(name)?.analysis
    if (analysis?.sizeBytes !== undefined && analysis.sizeBytes !== sizeBytes) return undefined
    return analysis
  }

  /** Reads what is not known yet of these, a few at a time, so that nobody else has to wait. Never rejects. */
  async read(entries: readonly LibraryEntry[], signal?: AbortSignal): Promise<void> {
    const dueMs = this.#options.clock.monotonicMs() - RECHECK_MS
    const due = entries.filter(({ name }) => this.#names.has(name) && !this.#isFresh(name, dueMs))
    let next = 0
    let changed = 0
    const reader = async () => {
      while (next < due.length && !signal?.aborted && !this.#isClosed) {
        const { name } = due[next++]
        if (await this.#readOne(name)) changed++
        if (next % BATCH === 0 && changed > 0) this.#version++
        if (next % READERS === 0) await setImmediate()
      }
    }
    await Promise.all(Array.from({ length: Math.min(READERS, due.length) }, reader))
    if (changed > 0) this.#version++
  }

  /** Begins to read all of these in the background, unless that is going on. */
  readLater(entries: readonly LibraryEntry[]): void {
    if (this.#isReadingAll) return
    this.#isReadingAll = true
    void this.read(entries).finally(() => {
      this.#isReadingAll = false
    })
  }

  #isFresh(name: string, dueMs: number): boolean {
    const known = this.#known.get(name)
    return known !== undefined && known.checkedAtMs > dueMs
  }

  #again(): void {
    if (this.#isClosed) return
    this.#timer = this.#options.clock.after(REFRESH_MS, () => void this.refresh().then(() => this.#again()))
  }

  async #look(tells: boolean): Promise<void> {
    const { added, removed } = await this.#tree.refresh().catch(() => ({ added: [], removed: [] }))
    const changed: string[] = []
    for (const file of [...removed, ...added]) {
      if (!file.endsWith(SUFFIX)) continue
      const name = file.slice(0, -SUFFIX.length)
      this.#known.delete(name)
      changed.push(name)
    }
    for (const file of removed) if (file.endsWith(SUFFIX)) this.#names.delete(file.slice(0, -SUFFIX.length))
    for (const file of added) if (file.endsWith(SUFFIX)) this.#names.add(file.slice(0, -SUFFIX.length))
    if (changed.length === 0) return
    this.#version++
    if (tells) for (const name of changed) this.events.emit('changed', name)
  }

  /** @returns whether something is new */
  async #readOne(name: string): Promise<boolean> {
    const { directory, clock } = this.#options
    const known = this.#known.get(name)
    const checkedAtMs = clock.monotonicMs()
    try {
      const handle = await open(join(directory, `${name}${SUFFIX}`), 'r')
      try {
        const facts = await handle.stat()
        const mark = `${facts.mtimeMs} ${facts.size} ${facts.ino}`
        if (known?.mark === mark) {
          known.checkedAtMs = checkedAtMs
          return false
        }
        const isOne = facts.isFile() && facts.size <= MOST_BYTES
        const analysis = isOne ? parseKeptAnalysis(await handle.readFile()) : undefined
        this.#known.set(name, { analysis, mark, checkedAtMs })
        return true
      } finally {
        await handle.close()
      }
    } catch {
      // gone, or not to be read: it is none
      this.#known.set(name, { analysis: undefined, mark: '', checkedAtMs })
      return known?.analysis !== undefined
    }
  }
}
