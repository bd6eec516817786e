import {
  isQuiet,
  type FileFacts,
  type LedgerEntry,
  type LedgerTitle,
  type OpenLine,
  type RecordingLine,
} from '../ledger/entry.js'
import { parseUtcOffset } from '../ledger/ledger-time.js'
import { isUnfinished } from '../ledger/read/ledger-scan.js'
import type { LibraryEntry, LibraryGap, LibraryQuiet } from './library-entry.js'

/** What the ledger says of the files of a folder, line after line. */
export class LedgerView {
  readonly #files = new Map<string, LibraryEntry>()
  readonly #gaps: LibraryGap[] = []
  readonly #quiet: LibraryQuiet[] = []
  readonly #changed = new Set<string>()

  /** The next line. */
  take(entry: LedgerEntry): void {
    if (entry.type === 'open') this.#set(entry.name, ofOpen(entry))
    else if (entry.type === 'recording') this.#set(entry.name, ofRecording(entry))
    else if (entry.type === 'removed') {
      if (this.#files.delete(entry.name)) this.#changed.add(entry.name)
    } else if (entry.type === 'gap') {
      const { source, from, to, cause } = entry
      this.#gaps.push({ source, from: Date.parse(from), to: Date.parse(to), cause })
    } else if (entry.type === 'discard' && isQuiet(entry)) {
      const { source, from, to, utcOffset } = entry
      this.#quiet.push({
        source,
        from: Date.parse(from),
        to: Date.parse(to),
        utcOffsetMinutes: parseUtcOffset(utcOffset),
      })
    }
  }

  /** What it says of a file. */
  get(name: string): LibraryEntry | undefined {
    return this.#files.get(name)
  }

  /** Time that was not recorded, in the order of the ledger. */
  get gaps(): readonly LibraryGap[] {
    return this.#gaps
  }

  /** Stretches in which nothing was to be heard, in the order of the ledger. */
  get quiet(): readonly LibraryQuiet[] {
    return this.#quiet
  }

  /** Names of which something was said since the last call. */
  takeChanged(): string[] {
    const names = [...this.#changed]
    this.#changed.clear()
    return names
  }

  /** The ledger was replaced by another one: it is read again from its start. */
  clear(): void {
    for (const name of this.#files.keys()) this.#changed.add(name)
    this.#files.clear()
    this.#gaps.length = 0
    this.#quiet.length = 0
  }

  #set(name: string, entry: LibraryEntry): void {
    this.#files.set(name, entry)
    this.#changed.add(name)
  }
}

const UNTITLED: readonly LedgerTitle[] = []

function ofOpen(line: OpenLine): LibraryEntry {
  const titles = line.title === undefined ? UNTITLED : [{ at: line.startedAt, sample: 0, title: line.title }]
  return entryOf(line, { sizeBytes: 0, state: 'open', sequence: line.seq ?? 0, titles })
}

function ofRecording(line: RecordingLine): LibraryEntry {
  const { durationSeconds, bytes: sizeBytes, seq: sequence, closedBy } = line
  const state = isUnfinished(line) ? 'open' : 'closed'
  const titles = line.titles.length === 0 ? UNTITLED : line.titles
  return entryOf(line, { sizeBytes, state, sequence, titles, durationSeconds, closedBy })
}

/** Of one shape, without copies on the way: a library holds a hundred thousand of them. */
function entryOf(
  { name, source, run, startedAt, utcOffset, format, codec, sampleRate, channels }: FileFacts,
  rest: Pick<LibraryEntry, 'sizeBytes' | 'state' | 'sequence' | 'titles' | 'durationSeconds' | 'closedBy'>,
): LibraryEntry {
  const { sizeBytes, state, sequence, titles, durationSeconds, closedBy } = rest
  return {
    name,
    source,
    startedAt: Date.parse(startedAt),
    utcOffsetMinutes: parseUtcOffset(utcOffset),
    ...(durationSeconds !== undefined && { durationSeconds }),
    sizeBytes,
    format,
    codec,
    sampleRateHz: sampleRate,
    channels,
    state,
    active: false,
    run,
    ...(sequence !== undefined && { sequence }),
    ...(closedBy !== undefined && { closedBy }),
    titles,
  }
}
