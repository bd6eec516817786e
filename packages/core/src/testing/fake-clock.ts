import type { EpochMs, MonotonicMs } from '../model.js'
import type { Clock, Timer } from '../time/clock.js'

interface FakeTimer {
  readonly dueMs: MonotonicMs
  readonly callback: () => void
}

/** A clock that moves only when told: no test ever sleeps. */
export class FakeClock implements Clock {
  #wallMs: EpochMs
  #monotonicMs: MonotonicMs = 0
  #timers: FakeTimer[] = []

  /** @param startMs - wall clock at the beginning */
  constructor(startMs: EpochMs = Date.UTC(2026, 0, 1)) {
    this.#wallMs = startMs
  }

  now(): EpochMs {
    return this.#wallMs
  }

  monotonicMs(): MonotonicMs {
    return this.#monotonicMs
  }

  after(delayMs: number, callback: () => void): Timer {
    const timer = { dueMs: this.#monotonicMs + Math.max(0, delayMs), callback }
    this.#timers.push(timer)
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer)
      },
    }
  }

  /** Number of timers that wait. */
  get pendingTimers(): number {
    return this.#timers.length
  }

  /** Steps the wall clock alone, as an NTP correction or a user does. */
  step(byMs: number): void {
    this.#wallMs += byMs
  }

  /** Lets `byMs` pass as in a machine that sleeps, or a process that is stopped: no timer fires before it is awake again. */
  sleep(byMs: number): void {
    this.#moveTo(this.#monotonicMs + byMs)
  }

  /** Lets `byMs` pass, firing due timers in order and letting promises settle between them. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#monotonicMs + byMs
    for (;;) {
      await settle()
      const next = this.#timers.reduce<FakeTimer | undefined>(
        (first, timer) => (timer.dueMs <= endMs && (!first || timer.dueMs < first.dueMs) ? timer : first),
        undefined,
      )
      if (!next) break
      this.#moveTo(next.dueMs)
      this.#timers = this.#timers.filter((timer) => timer !== next)
      next.callback()
    }
    this.#moveTo(endMs)
    await settle()
  }

  #moveTo(monotonicMs: MonotonicMs): void {
    const byMs = Math.max(0, monotonicMs - this.#monotonicMs)
    this.#monotonicMs += byMs
    this.#wallMs += byMs
  }
}

/** Lets every promise and immediate that is ready run. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise<void>((resolve) => setImmediate(resolve))
}
