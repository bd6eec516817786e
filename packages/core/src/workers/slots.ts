/** So many at a time; the others wait in line. */
export class Slots {
  readonly #waiting: ((taken: boolean) => void)[] = []
  #free: number

  constructor(size: number) {
    this.#free = size
  }

  /** Waits for a slot. @returns whether it has one; false when `signal` aborted before */
  async take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false
    if (this.#free > 0) {
      this.#free--
      return true
    }
    return new Promise((resolve) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(answer), 1)
        resolve(false)
      }
      const answer = (taken: boolean) => {
        signal.removeEventListener('abort', leave)
        resolve(taken)
      }
      this.#waiting.push(answer)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** Gives a slot back: to the next in line. */
  give(): void {
    const next = this.#waiting.shift()
    if (next) next(true)
    else this.#free++
  }
}
