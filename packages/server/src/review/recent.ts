/** Keeps what was used lately, up to a total weight. */
export class Recent<Value> {
  readonly #most: number
  readonly #weigh: (value: Value) => number
  readonly #values = new Map<string, Value>()
  #weight = 0

  /**
   * @param most - weight of all that is kept
   * @param weigh - weight of one
   */
  constructor(most: number, weigh: (value: Value) => number = () => 1) {
    this.#most = most
    this.#weigh = weigh
  }

  /** What was kept; it is the latest now. */
  get(key: string): Value | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  /** Keeps it, in the place of what has its key; what was not used for longest goes. */
  set(key: string, value: Value): void {
    this.delete(key)
    this.#values.set(key, value)
    this.#weight += this.#weigh(value)
    for (const [oldest] of this.#values) {
      if (this.#weight <= this.#most || oldest === key) return
      this.delete(oldest)
    }
  }

  /** Does not keep it any more. */
  delete(key: string): void {
    const value = this.#values.get(key)
    if (value === undefined) return
    this.#values.delete(key)
    this.#weight -= this.#weigh(value)
  }
}
