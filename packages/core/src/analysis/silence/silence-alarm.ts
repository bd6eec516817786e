import type { EpochMs } from '../../model.js'
import { amplitude } from '../detectors/decibels.js'
import { levelDb } from '../levels/level-db.js'
import { LEVEL_WINDOW_MS, overallRms, type LevelBlock } from '../levels/levels.js'

/** When silence is too long. */
export interface SilenceOptions {
  /** Silence for so long raises the alarm, in seconds of audio. */
  readonly seconds: number
  /** A window of 100 ms is silent when its RMS over all channels is below this, in dBFS. */
  readonly db: number
}

/** Silence that has lasted for as long as the alarm waits. */
export interface SilenceStart {
  /** Wall clock of its beginning. */
  readonly at: EpochMs
  /** RMS over all of it so far, in dBFS; -200 is digital silence. */
  readonly levelDb: number
}

/** The end of a silence that was told of. */
export interface SilenceEnd {
  /** Wall clock: when something was heard again, or the audio ended. */
  readonly at: EpochMs
  /** How long it was. */
  readonly seconds: number
}

/** Told of silence. */
export interface SilenceListener {
  /** Silence has lasted for as long as the alarm waits. */
  onStart(silence: SilenceStart): void
  /** It is over. */
  onEnd(silence: SilenceEnd): void
}

/** Takes levels as audio comes, each window with its time. */
export interface LevelSink {
  /**
   * Takes the next windows.
   * @param at - wall clock of the start of the first of them
   */
  push(block: LevelBlock, at: EpochMs): void
  /** The audio has ended; another piece may follow. */
  end(): void
}

/**
 * The dead-air alarm: tells when audio has been silent for too long, and when it is back. It goes by the time of the audio: a source that
 * sends nothing is not silent but gone, which has its own events, and ends a silence.
 */
export class SilenceAlarm implements LevelSink {
  readonly #threshold: number
  readonly #windows: number
  readonly #listener: SilenceListener
  #quietWindows = 0
  #power = 0
  #startedAt: EpochMs = 0
  #endsAt: EpochMs = 0
  #isOn = false

  constructor({ seconds, db }: SilenceOptions, listener: SilenceListener) {
    this.#threshold = amplitude(db)
    this.#windows = Math.max(1, Math.ceil((seconds * 1000) / LEVEL_WINDOW_MS - 1e-6))
    this.#listener = listener
  }

  /** Since when it has been silent; undefined while the alarm is not on. */
  get silentSince(): EpochMs | undefined {
    return this.#isOn ? this.#startedAt : undefined
  }

  push(block: LevelBlock, at: EpochMs): void {
    for (const [window, rms] of overallRms(block).entries()) {
      const windowAt = at + window * LEVEL_WINDOW_MS
      if (rms < this.#threshold) this.#quiet(rms, windowAt)
      else this.#stop(windowAt)
    }
  }

  end(): void {
    this.#stop(this.#endsAt)
  }

  #quiet(rms: number, at: EpochMs): void {
    if (this.#quietWindows === 0) this.#startedAt = at
    this.#quietWindows++
    this.#power += rms * rms
    this.#endsAt = at + LEVEL_WINDOW_MS
    if (this.#isOn || this.#quietWindows < this.#windows) return
    this.#isOn = true
    this.#listener.onStart({ at: this.#startedAt, levelDb: levelDb(Math.sqrt(this.#power / this.#quietWindows)) })
  }

  #stop(at: EpochMs): void {
    const seconds = (this.#quietWindows * LEVEL_WINDOW_MS) / 1000
    const wasOn = this.#isOn
    this.#isOn = false
    this.#quietWindows = 0
    this.#power = 0
    if (wasOn) this.#listener.onEnd({ at, seconds })
  }
}
