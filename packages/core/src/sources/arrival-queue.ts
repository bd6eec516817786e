import type { MonotonicMs } from '../model.js'

/** Bytes and the moment they arrived. */
export interface Arrival {
  /** Handed over: nobody mutates them afterwards. */
  readonly bytes: Uint8Array
  /** On the monotonic clock. */
  readonly arrivedAtMs: MonotonicMs
}

/** The producer's tap. */
interface Flow {
  pause(): void
  resume(): void
}

interface Waiter {
  resolve(arrival: Arrival | undefined): void
  reject(error: Error): void
}

/** Beyond this many waiting bytes the producer is paused. */
const LIMIT_BYTES = 1024 * 1024

/** What a waiting arrival costs beside its bytes: bounds memory when bytes trickle in one by one. */
const COST_PER_ARRIVAL_BYTES = 256

/**
 * Arrivals between an event-driven producer and one pulling reader. Bounded by pausing the producer; never drops.
 * What was queued before the end or the fault is read first.
 */
export class ArrivalQueue {
  readonly #flow: Flow
  #arrivals: Arrival[] = []
  #costBytes = 0
  #paused = false
  #ended = false
  #fault: Error | undefined
  #waiter: Waiter | undefined

  constructor(flow: Flow) {
    this.#flow = flow
  }

  /** Adds bytes at the end; ignored after the end. */
  push(bytes: Uint8Array, arrivedAtMs: MonotonicMs): void {
    if (this.#ended || bytes.length === 0) return
    // A plain view: `slice` of a Buffer would not copy, which surprises whoever parses the bytes.
    const arrival = { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), arrivedAtMs }
    if (this.#waiter) return this.#answer((waiter) => waiter.resolve(arrival))
    this.#arrivals.push(arrival)
    this.#costBytes += cost(arrival)
    if (this.#costBytes >= LIMIT_BYTES && !this.#paused) {
      this.#paused = true
      this.#flow.pause()
    }
  }

  /** Puts back what was read too far. */
  unread(arrival: Arrival): void {
    if (arrival.bytes.length === 0) return
    this.#arrivals.unshift(arrival)
    this.#costBytes += cost(arrival)
  }

  /** Nothing follows: the reader gets what is queued, then the end, or `fault` when there is one. The first call counts. */
  end(fault?: Error): void {
    if (this.#ended) return
    this.#ended = true
    this.#fault = fault
    this.#answer((waiter) => (fault ? waiter.reject(fault) : waiter.resolve(undefined)))
  }

  /** Forgets what is queued. */
  clear(): void {
    this.#arrivals = []
    this.#costBytes = 0
  }

  /**
   * The next arrival; `undefined` at the end. One call at a time.
   * @throws the fault that was given to `end`
   */
  read(): Promise<Arrival | undefined> {
    const arrival = this.#arrivals.shift()
    if (arrival) {
      this.#costBytes -= cost(arrival)
      this.#resumeWhenLow()
      return Promise.resolve(arrival)
    }
    if (this.#fault) return Promise.reject(this.#fault)
    if (this.#ended) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => (this.#waiter = { resolve, reject }))
  }

  #resumeWhenLow(): void {
    if (!this.#paused || this.#costBytes > LIMIT_BYTES / 2) return
    this.#paused = false
    if (!this.#ended) this.#flow.resume()
  }

  #answer(answer: (waiter: Waiter) => void): void {
    const waiter = this.#waiter
    this.#waiter = undefined
    if (waiter) answer(waiter)
  }
}

function cost(arrival: Arrival): number {
  return arrival.bytes.length + COST_PER_ARRIVAL_BYTES
}
