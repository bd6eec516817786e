import type { MonotonicMs } from '../../model.js'

/** Span of one block, in milliseconds. */
const BLOCK_MS = 2_500
const BLOCKS = 24

/** What the window covers when audio comes steadily, in milliseconds. */
export const WINDOW_MS = BLOCK_MS * BLOCKS

/**
 * Smallest value of the last minute of arrivals. Blocks without an arrival do not count: after a stall of any length the
 * evidence from before it is still there, so the stall itself proves nothing. Constant memory.
 */
export class LatenessWindow {
  readonly #minima: number[] = []
  #blockEndsMs = -Infinity

  /** Whether a whole window of arrivals has been seen. */
  get full(): boolean {
    return this.#minima.length === BLOCKS
  }

  /** The smallest value in the window; `Infinity` when empty. */
  get minimum(): number {
    return Math.min(...this.#minima)
  }

  /** Takes a value seen at `nowMs`. */
  add(nowMs: MonotonicMs, value: number): void {
    if (nowMs >= this.#blockEndsMs) {
      this.#blockEndsMs = nowMs + BLOCK_MS
      if (this.full) this.#minima.shift()
      this.#minima.push(value)
      return
    }
    const newest = this.#minima.length - 1
    this.#minima[newest] = Math.min(this.#minima[newest], value)
  }
}
