/** Work of one kind, a few at a time, in its order. */
export class Lane {
  readonly #limit: number
  readonly #waiting: (() => Promise<void>)[] = []
  readonly #idle: (() => void)[] = []
  #running = 0

  /** @param limit - how many at a time */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** How much waits or runs. */
  get length(): number {
    return this.#running + this.#waiting.length
  }

  /** Adds work, which must not reject. */
  push(work: () => Promise<void>): void {
    this.#waiting.push(work)
    this.#next()
  }

  /** Forgets what has not begun. */
  clear(): void {
    this.#waiting.length = 0
  }

  /** Resolves when nothing waits or runs. */
  idle(): Promise<void> {
    return this.length === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve))
  }

  #next(): void {
    while (this.#running < this.#limit) {
      const work = this.#waiting.shift()
      if (!work) break
      this.#running++
      void work().finally(() => {
        this.#running--
        this.#next()
      })
    }
    if (this.length === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }
}
