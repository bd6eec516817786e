import { setImmediate } from 'node:timers/promises'

/** Time that passes when it is told to. Unlike the clock of tests it costs next to nothing. */
export class SimulatedClock {
  #startMs
  #nowMs = 0
  #timers = []

  /** @param {number} startMs wall clock at the beginning */
  constructor(startMs) {
    this.#startMs = startMs
  }

  now() {
    return this.#startMs + this.#nowMs
  }

  monotonicMs() {
    return this.#nowMs
  }

  after(delayMs, callback) {
    const timer = { dueMs: this.#nowMs + delayMs, callback }
    this.#timers.push(timer)
    return { cancel: () => (timer.callback = undefined) }
  }

  /** Lets `byMs` pass at once, then fires what is due by then. */
  async advance(byMs) {
    await this.turn()
    this.#nowMs += byMs
    const timers = this.#timers
    this.#timers = []
    for (const timer of timers) {
      if (timer.dueMs <= this.#nowMs) timer.callback?.()
      else if (timer.callback) this.#timers.push(timer)
    }
    await this.turn()
  }

  /** Lets promises and immediates that are ready run. */
  turn() {
    return setImmediate()
  }
}
