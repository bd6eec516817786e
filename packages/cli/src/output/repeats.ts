import type { Clock } from '@isr/core'

/** A reason that was silent for so long is news again. */
const FORGET_AFTER_MS = 10 * 60_000
const MAX_REASONS = 1000

/**
 * Thins out what repeats while a fault lasts: of equal reasons the 1st, 4th, 8th, 16th, ... pass. A station that is away for
 * a week must not fill the log.
 */
export class Repeats {
  readonly #clock: Clock
  readonly #seen = new Map<string, { count: number; atMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How often this reason came, when it should be told; 0 when it should not. */
  pass(source: string, reason: string): number {
    const nowMs = this.#clock.monotonicMs()
    const key = `${source}\n${reason}`
    const seen = this.#seen.get(key)
    const count = seen && nowMs - seen.atMs < FORGET_AFTER_MS ? seen.count + 1 : 1
    // Deleting first keeps the oldest in front.
    this.#seen.delete(key)
    this.#seen.set(key, { count, atMs: nowMs })
    if (this.#seen.size > MAX_REASONS) this.#seen.delete(this.#seen.keys().next().value ?? '')
    return count === 1 || (count >= 4 && Number.isInteger(Math.log2(count))) ? count : 0
  }
}
