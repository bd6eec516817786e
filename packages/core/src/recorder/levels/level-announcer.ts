import type { LevelListener, MeasuredLayout } from '../../analysis/levels/follower.js'
import { levelDb } from '../../analysis/levels/level-db.js'
import { LEVEL_WINDOW_MS, type LevelBlock } from '../../analysis/levels/levels.js'
import type { EpochMs, MonotonicMs, Recording } from '../../model.js'
import type { Clock } from '../../time/clock.js'

/** Levels of the last moments, by channel, in dBFS; -200 is digital silence. */
export interface LevelReading {
  /** Wall clock of the end of what was measured. */
  readonly at: EpochMs
  /** RMS: 0 is a full-scale square wave, a full-scale sine is -3.01. Not weighted. */
  readonly rmsDb: readonly number[]
  /** Largest magnitude of a sample. */
  readonly peakDb: readonly number[]
}

/** Between two readings, on average. */
const EVERY_MS = 250

/** Makes readings of windows: a few a second, however often windows come. */
export class LevelAnnouncer {
  readonly #clock: Clock
  readonly #announce: (reading: LevelReading) => void
  /** Readings keep to this beat, though windows come when they come. */
  #dueAtMs: MonotonicMs = -Infinity
  #last?: LevelReading

  constructor(clock: Clock, announce: (reading: LevelReading) => void) {
    this.#clock = clock
    this.#announce = announce
  }

  /** The last reading; undefined before the first, and between files. */
  get last(): LevelReading | undefined {
    return this.#last
  }

  /** A file begins, or the rest of one. */
  open({ startedAt }: Pick<Recording, 'startedAt'>, { channels }: MeasuredLayout): LevelListener {
    const power = new Float64Array(channels)
    const peak = new Float64Array(channels)
    let windows = 0
    let before = 0
    const push = (block: LevelBlock) => {
      for (let at = 0; at < block.rms.length; at++) {
        power[at % channels] += block.rms[at] * block.rms[at]
        peak[at % channels] = Math.max(peak[at % channels], block.peak[at])
      }
      windows += block.rms.length / channels
      const nowMs = this.#clock.monotonicMs()
      if (nowMs < this.#dueAtMs) return
      this.#dueAtMs = Math.max(this.#dueAtMs + EVERY_MS, nowMs + EVERY_MS / 2)
      const reading: LevelReading = {
        at: startedAt + windows * LEVEL_WINDOW_MS,
        rmsDb: Array.from(power, (sum) => levelDb(Math.sqrt(sum / (windows - before)))),
        peakDb: Array.from(peak, levelDb),
      }
      before = windows
      power.fill(0)
      peak.fill(0)
      this.#last = reading
      this.#announce(reading)
    }
    const close = () => {
      this.#last = undefined
      return undefined
    }
    return { push, close }
  }
}
