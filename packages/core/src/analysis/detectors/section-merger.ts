import type { Section } from './detector.js'
import { windowSeconds, windowsOf } from './windows.js'

/** What a loud window adds to its section. */
export interface LoudWindow {
  /** Its RMS; linear, 1 is full scale. */
  readonly rms: number
  /** Its level over the reference of the detector, in dB. */
  readonly overDb: number
  /** How sharply the level rose up to it, in dB. */
  readonly riseDb: number
}

/** What a section holds, for as long in all as `heldSeconds` says. */
interface HeldLevels {
  /** Where it starts, in seconds. */
  readonly startSeconds: number
  /** Level over the reference that so many of its windows reach, in dB. */
  readonly overDb: number
  /** Rise that so many of its windows reach, in dB. */
  readonly riseDb: number
}

/** Which loud windows make a section, and what it scores. */
export interface MergeRules {
  /** Loud windows with less than this between them are one section. */
  readonly minGapSeconds: number
  /** A section that is shorter, from its first loud window to its last, is none. */
  readonly minDurationSeconds: number
  /** A section whose loud windows are shorter in all is none; and what it scores must be held for so long in all. */
  readonly heldSeconds: number
  /** How much a section matters. */
  readonly score: (held: HeldLevels) => number
}

interface OpenSection {
  readonly first: number
  readonly last: number
  readonly peak: number
  /** The highest values, in descending order: as many as must be held. */
  readonly over: readonly number[]
  readonly rise: readonly number[]
}

/** Joins loud windows to sections, in one pass; remembers one section that is open. */
export class SectionMerger {
  readonly #rules: MergeRules
  readonly #minWindows: number
  readonly #gapWindows: number
  readonly #heldWindows: number
  #window = 0
  #open?: OpenSection

  constructor(rules: MergeRules) {
    this.#rules = rules
    this.#minWindows = windowsOf(rules.minDurationSeconds)
    this.#gapWindows = windowsOf(rules.minGapSeconds)
    this.#heldWindows = Math.max(1, windowsOf(rules.heldSeconds))
  }

  /** Takes the next window; undefined is a quiet one. @returns the section that is complete now, if there is one */
  push(loud: LoudWindow | undefined): Section | undefined {
    const window = this.#window++
    const open = this.#open
    if (!loud) return open && window - open.last >= this.#gapWindows ? this.finish() : undefined
    const joins = open && (window - open.last === 1 || window - open.last <= this.#gapWindows)
    const complete = joins ? undefined : this.finish()
    const before = this.#open
    this.#open = {
      first: before?.first ?? window,
      last: window,
      peak: Math.max(before?.peak ?? 0, loud.rms),
      over: highest(before?.over, loud.overDb, this.#heldWindows),
      rise: highest(before?.rise, loud.riseDb, this.#heldWindows),
    }
    return complete
  }

  /** Nothing follows that could join the open section. @returns it, if it is one */
  finish(): Section | undefined {
    const open = this.#open
    this.#open = undefined
    if (!open || open.last - open.first + 1 < this.#minWindows || open.over.length < this.#heldWindows) return undefined
    const startSeconds = windowSeconds(open.first)
    return {
      startSeconds,
      endSeconds: windowSeconds(open.last + 1),
      peak: open.peak,
      score: this.#rules.score({ startSeconds, overDb: open.over.at(-1)!, riseDb: open.rise.at(-1)! }),
    }
  }

  /** The same state, to look ahead with. */
  clone(): SectionMerger {
    const twin = new SectionMerger(this.#rules)
    twin.#window = this.#window
    twin.#open = this.#open
    return twin
  }
}

/** The `count` highest of `values` and one more, in descending order. */
function highest(values: readonly number[] = [], value: number, count: number): readonly number[] {
  if (values.length === count && value <= values[count - 1]) return values
  return [...values, value].sort((a, b) => b - a).slice(0, count)
}
