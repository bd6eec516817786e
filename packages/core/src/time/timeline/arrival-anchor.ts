import type { MonotonicMs } from '../../model.js'
import { DriftMeter } from './drift-meter.js'
import { LatenessWindow } from './lateness-window.js'
import { slew } from './slew.js'

/** The start of a stream is known when for this long no burst has moved it, in milliseconds. */
export const SETTLE_MS = 500

/** A burst that has not ended by now is no burst: the source sends faster than it plays, in milliseconds. */
const SETTLE_LIMIT_MS = 10 * SETTLE_MS

/** Less than this is no burst but jitter, in milliseconds. */
const BURST_MS = 20

/** Lateness up to this is taken for what the network does and not corrected, in milliseconds. */
const LATE_TOLERANCE_MS = 5

/** Audio that is this late for a whole window was not delayed: some is missing before it, in milliseconds. */
const MISSING_AUDIO_MS = 5_000

/**
 * When the first sample of a live stream happened, on the monotonic clock, learnt from arrivals alone: a sample can come late
 * by any time, but never early. Why it works as it does: docs/design/time.md.
 */
export class ArrivalAnchor {
  readonly #window = new LatenessWindow()
  readonly #drift = new DriftMeter()
  #ms?: MonotonicMs
  #settled: boolean
  #firstMs: MonotonicMs = 0
  /** When the burst last moved the anchor, and to where. */
  #movedMs: MonotonicMs = 0
  #movedToMs: MonotonicMs = 0

  /** @param knownMs - the answer, when it is known from before */
  constructor(knownMs?: MonotonicMs) {
    this.#ms = knownMs
    this.#settled = knownMs !== undefined
  }

  /** Monotonic time of the first sample; undefined before the first arrival. */
  get ms(): MonotonicMs | undefined {
    return this.#ms
  }

  /** Whether the burst on connect is over. */
  get settled(): boolean {
    return this.#settled
  }

  /** See {@link DriftMeter.ppm}. */
  get driftPpm(): number | undefined {
    return this.#drift.ppm
  }

  /**
   * Takes an arrival.
   * @param arrivedMs - when
   * @param positionMs - audio so far, in milliseconds, this arrival included
   * @param budgetMs - how far the anchor may be slewed now
   * @returns by how much audio was found missing, in milliseconds; 0 nearly always
   */
  observe(arrivedMs: MonotonicMs, positionMs: number, budgetMs: number): number {
    const anchorMs = arrivedMs - positionMs
    this.#window.add(arrivedMs, anchorMs)
    if (!this.#settled) {
      this.#settle(arrivedMs, anchorMs)
      return 0
    }
    this.#ms ??= anchorMs
    this.#drift.add(arrivedMs, anchorMs)
    const errorMs = this.#window.minimum - this.#ms
    // Early audio is proof and always followed; late audio only after a whole window and beyond what jitter explains.
    if (errorMs < 0) this.#ms += slew(errorMs, budgetMs)
    if (errorMs <= LATE_TOLERANCE_MS || !this.#window.full) return 0
    if (errorMs <= MISSING_AUDIO_MS) {
      this.#ms += slew(errorMs - LATE_TOLERANCE_MS, budgetMs)
      return 0
    }
    this.#ms += errorMs
    this.#drift.reset()
    return errorMs
  }

  /** While the burst comes in, the earliest start is taken at once. */
  #settle(arrivedMs: MonotonicMs, anchorMs: MonotonicMs): void {
    if (this.#ms === undefined) {
      this.#ms = this.#movedToMs = anchorMs
      this.#firstMs = this.#movedMs = arrivedMs
      return
    }
    this.#ms = Math.min(this.#ms, anchorMs)
    if (this.#ms < this.#movedToMs - BURST_MS) {
      this.#movedToMs = this.#ms
      this.#movedMs = arrivedMs
    }
    this.#settled = arrivedMs - this.#movedMs >= SETTLE_MS || arrivedMs - this.#firstMs >= SETTLE_LIMIT_MS
  }
}
