import type { Clock, Timer } from '../../src/time/clock.js'

/** Two hands that a test sets as it likes, without waiting for promises: for simulations of whole days. No timers. */
export class ManualClock implements Clock {
  /** What `monotonicMs` shows. */
  monotonic = 0
  /** How far `now` is ahead of it; whole or not. */
  offset: number

  constructor(offset = Date.UTC(2026, 0, 1)) {
    this.offset = offset
  }

  now(): number {
    return Math.floor(this.monotonic + this.offset) // as Date.now
  }

  monotonicMs(): number {
    return this.monotonic
  }

  after(): Timer {
    throw new Error('no timers here')
  }
}
