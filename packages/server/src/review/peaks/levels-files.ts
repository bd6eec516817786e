import { join } from 'node:path'
import {
  FileAccess,
  FileStorage,
  PyramidReader,
  type Analyzer,
  type LibraryEntry,
  type RecordedLevels,
} from '@isr/core'
import { Recent } from '../recent.js'

/** What {@link LevelsFiles} work with. */
export interface LevelsFilesOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Folder of the levels. */
  readonly analysesDirectory: string
  /** Measures what nobody has measured. */
  readonly analyzer: Pick<Analyzer, 'levels'>
}

const MAX_MEMORY_BYTES = 32 << 20
const MAX_KNOWN = 20_000
/** A window: lengths that differ by more are not of the same recording. */
const TOLERANCE_SECONDS = 0.1

/** Finds the levels of recordings. */
export class LevelsFiles {
  readonly #options: LevelsFilesOptions
  /** Where nothing can be kept on disk. */
  readonly #inMemory = new Recent<RecordedLevels>(MAX_MEMORY_BYTES, ({ memoryBytes }) => memoryBytes)
  /** Files of levels that are known to belong to their recordings. */
  readonly #verified = new Recent<string>(MAX_KNOWN)
  /** Recordings that have no levels. */
  readonly #without = new Recent<true>(MAX_KNOWN)

  constructor(options: LevelsFilesOptions) {
    this.#options = options
  }

  /** What was kept of a recording, growing or not; undefined when there is nothing that belongs to it. Never rejects. */
  async find(entry: LibraryEntry): Promise<RecordedLevels | undefined> {
    const inMemory = this.#inMemory.get(keyOf(entry))
    if (inMemory) return inMemory
    const { analysesDirectory } = this.#options
    const path = join(analysesDirectory, `${entry.name}.levels`)
    const access = await FileAccess.open(path, analysesDirectory).catch(() => undefined)
    const reader = access && (await PyramidReader.open(access).catch(() => undefined))
    if (reader && this.#belongs(entry, reader, access)) return { reader, memoryBytes: 0, close: () => access.close() }
    await access?.close()
    return undefined
  }

  /**
   * Measures a recording that grows no more, so that `find` knows its levels: unless its layout changes inside, then it has none.
   * @throws {@link IsrError} as measuring does
   */
  async measure(entry: LibraryEntry, signal: AbortSignal): Promise<void> {
    const { directory, analyzer } = this.#options
    if (this.#without.get(keyOf(entry))) return
    const stored = { storage: new FileStorage({ directory }), name: entry.name }
    const levels = await analyzer.levels(stored, { signal })
    if (!levels) return this.#without.set(keyOf(entry), true)
    if (levels.memoryBytes > 0) return this.#inMemory.set(keyOf(entry), levels)
    this.#verified.set(entry.name, markOf(entry, levels.reader))
    await levels.close()
  }

  #belongs(entry: LibraryEntry, reader: PyramidReader, { modifiedAt }: FileAccess): boolean {
    if (entry.active) return modifiedAt >= entry.startedAt
    if (reader.samples === undefined) return false
    const { durationSeconds = -1 } = entry
    const fits = Math.abs(durationSeconds - reader.durationSeconds) < TOLERANCE_SECONDS
    return fits || this.#verified.get(entry.name) === markOf(entry, reader)
  }
}

function keyOf({ name, sizeBytes }: LibraryEntry): string {
  return `${sizeBytes} ${name}`
}

function markOf({ sizeBytes }: LibraryEntry, { samples }: PyramidReader): string {
  return `${sizeBytes} ${samples}`
}
