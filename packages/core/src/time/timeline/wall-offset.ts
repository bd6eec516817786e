import type { Clock } from '../clock.js'
import { slew } from './slew.js'

/** A difference above this is a step of the wall clock, followed at once; below it is slewed. In milliseconds. */
const STEP_MS = 1_000

/** The wall clock counts whole milliseconds: smaller differences mean nothing. */
const TOLERANCE_MS = 2

/** What the wall clock is ahead of the monotonic clock, followed smoothly except when it steps. */
export class WallOffset {
  readonly #clock: Clock
  #ms: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#ms = this.#measured
  }

  /** Milliseconds to add to a monotonic time. */
  get ms(): number {
    return this.#ms
  }

  /**
   * Looks at the clock.
   * @param budgetMs - how far the offset may be slewed now
   * @returns by how much the clock has stepped, in milliseconds; 0 nearly always
   */
  observe(budgetMs: number): number {
    const errorMs = this.#measured - this.#ms
    if (Math.abs(errorMs) > STEP_MS) {
      this.#ms += errorMs
      return errorMs
    }
    if (Math.abs(errorMs) > TOLERANCE_MS) this.#ms += slew(errorMs, budgetMs)
    return 0
  }

  get #measured(): number {
    return this.#clock.now() - this.#clock.monotonicMs()
  }
}
