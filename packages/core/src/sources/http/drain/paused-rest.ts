import type { MonotonicMs } from '../../../model.js'
import type { Clock } from '../../../time/clock.js'
import { DrainSchedule } from './drain-schedule.js'
import type { Drainable } from './drain-schedule.js'
import { Pace } from './pace.js'
import { PROBE_MS } from './rest.js'
import type { Rest } from './rest.js'

/** What a {@link PausedRest} needs. */
interface PausedRestOptions {
  /** Drives the tick. */
  readonly clock: Clock
  /** Host and port. */
  readonly peer: string
  /** Lets the socket read again. */
  readonly resume: () => void
}

/**
 * Between two ticks the socket is paused: the kernel keeps what arrives, and an end is noticed with the next read. For systems whose
 * kernel cannot be asked to wait ({@link LowWaterRest}).
 */
export class PausedRest implements Rest, Drainable {
  readonly peer: string
  readonly #resume: () => void
  readonly #schedule: DrainSchedule
  readonly #pace: Pace
  /** When an arrival was last awaited. */
  #awaitedMs: MonotonicMs = 0

  constructor({ clock, peer, resume }: PausedRestOptions) {
    this.peer = peer
    this.#resume = resume
    this.#schedule = DrainSchedule.of(clock)
    this.#pace = new Pace(clock.monotonicMs())
  }

  after(bytes: number, nowMs: MonotonicMs): boolean {
    const isLittle = this.#pace.count(bytes, nowMs)
    this.#schedule.join(this)
    const intervalMs = this.#pace.intervalMs(this.#schedule.tickMs)
    if (intervalMs === 0) return true
    if (isLittle || nowMs - this.#awaitedMs >= PROBE_MS) {
      // In the next turn: a reset that follows the bytes would be taken for an end in this one.
      this.#awaitedMs = nowMs
      setImmediate(() => this.drain())
      return false
    }
    this.#schedule.plan(this, intervalMs)
    return false
  }

  stayAwake(bytes: number, nowMs: MonotonicMs): void {
    this.#pace.count(bytes, nowMs)
  }

  drain(): void {
    this.#resume()
  }

  end(here: boolean): void {
    this.#schedule.leave(this)
    if (!here) this.#schedule.hurry(this.peer)
  }
}
