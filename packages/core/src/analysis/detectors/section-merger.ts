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

/** Which loud windows make a section, and what it scores. */
export interface MergeRules {
  /** Loud windows with less than this between them are one section. */
  readonly minGapSeconds: number
  /** A section that is shorter, from its first loud window to its last, is none. */
  readonly minDurationSeconds: number
  /** How much a section matters, by the highest values of its windows. */
  readonly score: (section: {
    readonly startSeconds: number
    readonly overDb: number
    readonly riseDb: number
  }) => number
}

interface OpenSection extends LoudWindow {
  readonly first: number
  readonly last: number
}

/** Joins loud windows to sections, in one pass; remembers one section that is open. */
export class SectionMerger {
  readonly #rules: MergeRules
  readonly #minWindows: number
  readonly #gapWindows: number
  #window = 0
  #open?: OpenSection

  constructor(rules: MergeRules) {
    this.#rules = rules
    this.#minWindows = windowsOf(rules.minDurationSeconds)
    this.#gapWindows = windowsOf(rules.minGapSeconds)
  }

  /** Takes the next window; undefined is a quiet one. @returns the section that is complete now, if there is one */
  push(loud: LoudWindow | undefined): Section | undefined {
    const window = this.#window++
    const open = this.#open
    if (!loud) return open && window - open.last >= this.#gapWindows ? this.#close() : undefined
    if (open && (window - open.last === 1 || window - open.last <= this.#gapWindows)) {
      this.#open = {
        first: open.first,
        last: window,
        rms: Math.max(open.rms, loud.rms),
        overDb: Math.max(open.overDb, loud.overDb),
        riseDb: Math.max(open.riseDb, loud.riseDb),
      }
      return undefined
    }
    const complete = this.#close()
    this.#open = { ...loud, first: window, last: window }
    return complete
  }

  /** Nothing follows. @returns the section that was open, if it is one */
  finish(): Section | undefined {
    return this.#close()
  }

  /** The same state, to look ahead with. */
  clone(): SectionMerger {
    const twin = new SectionMerger(this.#rules)
    twin.#window = this.#window
    twin.#open = this.#open
    return twin
  }

  #close(): Section | undefined {
    const open = this.#open
    this.#open = undefined
    if (!open || open.last - open.first + 1 < this.#minWindows) return undefined
    const startSeconds = windowSeconds(open.first)
    return {
      startSeconds,
      endSeconds: windowSeconds(open.last + 1),
      peak: open.rms,
      score: this.#rules.score({ startSeconds, overDb: open.overDb, riseDb: open.riseDb }),
    }
  }
}
