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

/** Who takes what arrives in the turn in which it does. */
interface Taker {
  readonly take: (arrival: Arrival) => Promise<void> | undefined
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
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
  /** Nothing is queued, and nobody has to wait. */
  #taker: Taker | undefined

  constructor(flow: Flow) {
    this.#flow = flow
  }

  /** Adds bytes at the end; ignored after the end. */
  push(bytes: Uint8Array, arrivedAtMs: MonotonicMs): void {
    if (this.#ended || bytes.length === 0) return
    // A plain view: `slice` of a Buffer would not copy, which surprises whoever parses the bytes.
    const arrival = { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), arrivedAtMs }
    if (this.#taker) return this.#hand(arrival, this.#taker)
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
    this.#taker?.resolve()
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
    const arrival = this.#shift()
    if (arrival) return Promise.resolve(arrival)
    if (this.#fault) return Promise.reject(this.#fault)
    if (this.#ended) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => (this.#waiter = { resolve, reject }))
  }

  /**
   * Hands over what is queued, and then everything in the turn in which it arrives. Where `take` gives a promise, the next one waits
   * for it. Resolves at the end.
   * @throws the fault that was given to `end`; what `take` throws
   */
  async forEach(take: Taker['take']): Promise<void> {
    for (;;) {
      const arrival = this.#shift()
      if (arrival) await take(arrival)
      else if (this.#fault) throw this.#fault
      else if (this.#ended) return
      else await new Promise<void>((resolve, reject) => (this.#taker = { take, resolve, reject }))
    }
  }

  #hand(arrival: Arrival, { take, resolve, reject }: Taker): void {
    try {
      const room = take(arrival)
      if (!room) return
      this.#taker = undefined
      room.then(resolve, reject)
    } catch (error) {
      this.#taker = undefined
      reject(error)
    }
  }

  #shift(): Arrival | undefined {
    const arrival = this.#arrivals.shift()
    if (!arrival) return undefined
    this.#costBytes -= cost(arrival)
    this.#resumeWhenLow()
    return arrival
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
