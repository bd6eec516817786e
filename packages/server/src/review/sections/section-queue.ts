import { setImmediate } from 'node:timers/promises'
import type { Library, LibraryEntry } from '@isr/core'
import type { AnalysisIndex } from '../analyses/analysis-index.js'
import { SECTION_NUMBERS } from '../analyses/kept-analysis.js'
import { Recent } from '../recent.js'

/** Which sections are wanted. */
export interface SectionsWanted {
  /** Sections that end after this moment. */
  readonly from?: number
  /** Sections that begin before this moment. */
  readonly to?: number
  /** Names of sources; all without it. */
  readonly sources?: readonly string[]
  /** Earliest or highest first. */
  readonly order: 'time' | 'score'
  /** Only these, in dB. */
  readonly minScore?: number
}

/** A section and where it is. */
interface FoundSection {
  /** The recording. */
  readonly entry: LibraryEntry
  /** From the start of the recording. */
  readonly start: number
  /** From the start of the recording. */
  readonly end: number
  /** Highest RMS of a window. */
  readonly peak: number
  /** In dB. */
  readonly score: number
}

/** Every section that was found, in order. */
export interface FoundSections {
  /** How many. */
  readonly total: number
  /** A part of them. */
  slice(offset: number, limit: number): readonly FoundSection[]
  /** Recordings whose sections are known. */
  readonly analysed: number
  /** Recordings that are not analysed, latest first. */
  readonly missing: readonly string[]
}

interface Place {
  readonly file: number
  readonly at: number
  /** What it is sorted by. */
  readonly key: number
}

/** Recordings between two turns of others. */
const TURN_FILES = 500
const MAX_KEPT = 8

/** The sections of many recordings as one queue. */
export class SectionQueue {
  readonly #library: Library
  readonly #analyses: AnalysisIndex
  readonly #kept = new Recent<{ readonly versions: string; readonly found: FoundSections }>(MAX_KEPT)

  constructor(library: Library, analyses: AnalysisIndex) {
    this.#library = library
    this.#analyses = analyses
  }

  /** Finds them; what nobody has asked for before is read first. */
  async find(wanted: SectionsWanted, signal: AbortSignal): Promise<FoundSections> {
    const { from, to, sources } = wanted
    await this.#analyses.refresh()
    const { entries } = this.#library.find({
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(sources && { sources }),
    })
    await this.#analyses.read(entries, signal)
    const versions = `${this.#library.version} ${this.#analyses.version}`
    const key = JSON.stringify(wanted)
    const kept = this.#kept.get(key)
    if (kept?.versions === versions) return kept.found
    const found = await this.#collect(entries, wanted, signal)
    this.#kept.set(key, { versions, found })
    return found
  }

  async #collect(
    entries: readonly LibraryEntry[],
    { from = -Infinity, to = Infinity, order, minScore = -Infinity }: SectionsWanted,
    signal: AbortSignal,
  ): Promise<FoundSections> {
    const files: { readonly entry: LibraryEntry; readonly sections: Float64Array }[] = []
    let places: Place[] = []
    const missing: string[] = []
    for (let index = entries.length - 1; index >= 0 && !signal.aborted; index--) {
      const entry = entries[index]
      const sections = this.#analyses.get(entry)?.sections
      if (sections) {
        for (let at = 0; at < sections.length; at += SECTION_NUMBERS) {
          const start = entry.startedAt + sections[at] * 1000
          const score = sections[at + 3]
          if (start >= to || entry.startedAt + sections[at + 1] * 1000 <= from || score < minScore) continue
          places.push({ file: files.length, at, key: order === 'score' ? score : start })
        }
        files.push({ entry, sections })
      } else if (!entry.active) missing.push(entry.name)
      if (index % TURN_FILES === 0) await setImmediate()
    }
    if (order === 'score') places = highestFirst(places)
    // nearly in order already: only sources overlap
    else places.sort((one, other) => one.key - other.key)
    const slice = (offset: number, limit: number) =>
      places.slice(offset, offset + limit).map(({ file, at }) => {
        const { entry, sections } = files[file]
        const [start, end, peak, score] = sections.subarray(at, at + SECTION_NUMBERS)
        return { entry, start, end, peak, score }
      })
    return { total: places.length, slice, analysed: files.length, missing: missing.reverse() }
  }
}

const SCORE_STEPS = 100
const SCORE_SPAN = 1 << 17
const INDEX_SPAN = 2 ** 32

/** Sorting plain numbers takes a tenth of the time of comparing objects: hundreds of thousands make nobody wait. */
function highestFirst(places: readonly Place[]): Place[] {
  const keys = Float64Array.from(places, ({ key }, index) => {
    const rank = SCORE_SPAN / 2 - Math.round(key * SCORE_STEPS)
    return Math.max(0, Math.min(SCORE_SPAN, rank)) * INDEX_SPAN + index
  })
  return Array.from(keys.sort(), (key) => places[key % INDEX_SPAN])
}
