/** Numbers that come in pieces, kept in one array that grows. */
export class RmsList {
  #values = new Float32Array(1024)
  #length = 0

  /** All so far; a view that may be used until the next `push`. */
  get values(): Float32Array {
    return this.#values.subarray(0, this.#length)
  }

  /** Adds some at the end. */
  push(values: Float32Array): void {
    const needed = this.#length + values.length
    if (needed > this.#values.length) {
      const larger = new Float32Array(Math.max(needed, this.#values.length * 2))
      larger.set(this.values)
      this.#values = larger
    }
    this.#values.set(values, this.#length)
    this.#length = needed
  }
}
