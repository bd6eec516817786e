import { HttpError } from '../http/http-error.js'

/** Limits of a {@link CostlyQueue}. */
export interface CostlyLimits {
  /** Pieces of work of one client, waiting or under way. */
  readonly perClient: number
  /** Pieces of work of all. */
  readonly total: number
  /** What one is called. */
  readonly what: string
}

const LIMITS: CostlyLimits = { perClient: 6, total: 48, what: 'piece of costly work' }
/** For streams without end: they cost little, but each holds a connection. */
export const STREAM_LIMITS: CostlyLimits = { perClient: 64, total: 512, what: 'stream' }

/** Keeps count of costly work: who wants too much at a time is told to come back, and the others are served. */
export class CostlyQueue {
  readonly #limits: CostlyLimits
  readonly #byClient = new Map<string, number>()
  #total = 0

  constructor(limits: CostlyLimits = LIMITS) {
    this.#limits = limits
  }

  /** Pieces of work waiting or under way. */
  get size(): number {
    return this.#total
  }

  /**
   * Does a piece of work for a client.
   * @throws {@link HttpError} 429 when it has too much under way, 503 when everybody has
   */
  async run<Result>(client: string, work: () => Promise<Result>): Promise<Result> {
    const own = this.#byClient.get(client) ?? 0
    if (own >= this.#limits.perClient)
      throw new HttpError(429, 'HTTP_BUSY', `each ${this.#limits.what} beyond ${own} must wait for one to end`)
    if (this.#total >= this.#limits.total)
      throw new HttpError(503, 'HTTP_BUSY', `no ${this.#limits.what} more can be taken now: try again in a moment`)
    this.#byClient.set(client, own + 1)
    this.#total++
    try {
      return await work()
    } finally {
      this.#total--
      const left = (this.#byClient.get(client) ?? 1) - 1
      if (left > 0) this.#byClient.set(client, left)
      else this.#byClient.delete(client)
    }
  }
}
