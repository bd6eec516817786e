import type { MonotonicMs } from '../../../model.js'

/** With few streams, so that a crash costs at most a quarter of a second of audio, and an end is noticed as soon. */
const LEAST_TICK_MS = 150

/** With many. Longer saves next to nothing more and delays everything. */
const MOST_TICK_MS = 1000

/** Each stream more makes the tick longer by this: 1 s is reached at 50. */
const TICK_MS_PER_STREAM = 20

/** A quarter of the receive buffer that Linux gives a socket to begin with: beyond that the sender may have to wait. */
const QUARTER_BYTES = 32 * 1024

/** Below this it is cheaper to take what comes when it comes. */
const LEAST_INTERVAL_MS = 100

/** Rates are measured over this. */
const WINDOW_MS = 1000

/** Weight of the newest window. */
const NEWEST = 0.3

/** How long a process that reads so many streams leaves what arrives in the kernel, in milliseconds. */
export function tickMs(streams: number): number {
  return Math.min(MOST_TICK_MS, Math.max(LEAST_TICK_MS, TICK_MS_PER_STREAM * streams))
}

/** How fast one stream comes. */
export class Pace {
  #bytesPerMs = 0
  #windowBytes = 0
  #windowStartMs: MonotonicMs
  #readMs: MonotonicMs

  /** @param nowMs - nothing was read before */
  constructor(nowMs: MonotonicMs) {
    this.#windowStartMs = this.#readMs = nowMs
  }

  /** Counts a read. @returns whether less than half of what was to be expected since the read before has come */
  count(bytes: number, nowMs: MonotonicMs): boolean {
    const isLittle = 2 * bytes < this.#bytesPerMs * (nowMs - this.#readMs)
    this.#readMs = nowMs
    this.#windowBytes += bytes
    const windowMs = nowMs - this.#windowStartMs
    if (windowMs < WINDOW_MS) return isLittle
    const newest = this.#windowBytes / windowMs
    this.#bytesPerMs += (newest - this.#bytesPerMs) * (this.#bytesPerMs === 0 ? 1 : NEWEST)
    this.#windowStartMs = nowMs
    this.#windowBytes = 0
    return isLittle
  }

  /**
   * How long the stream may be left alone when `tick` is the rule: a half, a quarter, ... of it where its buffer in the kernel
   * fills too fast; 0 when it is to be read as it comes.
   */
  intervalMs(tick: number): number {
    const mostMs = this.#bytesPerMs === 0 ? tick : QUARTER_BYTES / this.#bytesPerMs
    let interval = tick
    while (interval > mostMs) interval /= 2
    return interval < LEAST_INTERVAL_MS ? 0 : interval
  }
}
