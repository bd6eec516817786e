import { levelDb } from '../levels/level-db.js'

/** What a minute was like. Levels in dBFS, not weighted; -200 is digital silence. */
export interface MinuteFacts {
  /** Root of the mean power. */
  readonly rmsDb: number
  /** RMS of the loudest window of 100 ms. */
  readonly maxDb: number
  /** What 10 % of the windows exceed. */
  readonly l10Db: number
  /** What half of the windows exceed. */
  readonly l50Db: number
  /** What 90 % of the windows exceed: the background. */
  readonly l90Db: number
  /** Largest magnitude of a sample. */
  readonly peakDb: number
  /** How much of the minute was measured. */
  readonly seconds: number
}

/** The windows of a minute. */
export class MinuteLevels {
  readonly #rms: number[] = []
  #power = 0
  #peak = 0
  #seconds = 0

  /** Adds a window: its RMS over all channels, and its peak; linear. The last of a file is shorter. */
  add(rms: number, peak: number, seconds: number): void {
    this.#rms.push(rms)
    this.#power += rms * rms * seconds
    this.#peak = Math.max(this.#peak, peak)
    this.#seconds += seconds
  }

  /** What it was like; undefined when nothing was measured. */
  get facts(): MinuteFacts | undefined {
    const sorted = this.#rms.toSorted((a, b) => a - b)
    if (this.#seconds <= 0) return undefined
    return {
      rmsDb: levelDb(Math.sqrt(this.#power / this.#seconds)),
      maxDb: levelDb(sorted[sorted.length - 1]),
      l10Db: levelDb(exceededBy(sorted, 10)),
      l50Db: levelDb(exceededBy(sorted, 50)),
      l90Db: levelDb(exceededBy(sorted, 90)),
      peakDb: levelDb(this.#peak),
      seconds: this.#seconds,
    }
  }
}

/** Nearest rank: the least level that at most `percent` of the windows exceed. */
function exceededBy(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * (100 - percent)) / 100) - 1]
}
