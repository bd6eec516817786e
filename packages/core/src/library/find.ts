import type { EpochMs } from '../model.js'
import type { LibraryEntry } from './library-entry.js'
import type { Timeline } from './timeline.js'

/** What is looked for; what is absent does not matter. */
export interface LibraryQuery {
  /** Recordings with audio at or after this moment. */
  readonly from?: EpochMs
  /** Recordings that begin before this moment. */
  readonly to?: EpochMs
  /** Names of sources. */
  readonly sources?: readonly string[]
  /** Text in the name, the source or a title, without regard to case. */
  readonly text?: string
  /** How many to leave out, from the latest on. Default 0. */
  readonly offset?: number
  /** How many at most. Default all. */
  readonly limit?: number
}

/** A part of what was found. */
export interface LibraryPage {
  /** Latest first. */
  readonly entries: readonly LibraryEntry[]
  /** How many match in all. */
  readonly total: number
}

/** Finds recordings, latest first. */
export function findEntries(timeline: Timeline<LibraryEntry>, query: LibraryQuery): LibraryPage {
  const { from, to, offset = 0, limit = Infinity } = query
  const items = timeline.items
  const end = to === undefined ? items.length : timeline.countBefore(to)
  const matches = matcher(query)
  if (!matches && from === undefined) {
    const last = Math.max(0, end - offset)
    return { entries: items.slice(Math.max(0, last - limit), last).reverse(), total: end }
  }
  const entries: LibraryEntry[] = []
  let total = 0
  for (let at = end - 1; at >= 0; at--) {
    const entry = items[at]
    if (from !== undefined && endOf(entry) < from) continue
    if (matches && !matches(entry)) continue
    if (total++ >= offset && entries.length < limit) entries.push(entry)
  }
  return { entries, total }
}

/** When its audio ends; a file of unknown length ends where it begins. */
function endOf({ startedAt, durationSeconds }: LibraryEntry): EpochMs {
  return startedAt + (durationSeconds ?? 0) * 1000
}

function matcher({ sources, text }: LibraryQuery): ((entry: LibraryEntry) => boolean) | undefined {
  const wanted = sources && new Set(sources)
  const words = text?.toLowerCase()
  if (!wanted && !words) return undefined
  return ({ source, name, titles }) =>
    (!wanted || wanted.has(source)) &&
    (!words ||
      name.toLowerCase().includes(words) ||
      source.toLowerCase().includes(words) ||
      titles.some(({ title }) => title.toLowerCase().includes(words)))
}
