/** A place in a row. */
export interface Turn {
  /** Resolves when all before it are done. */
  readonly ready: Promise<void>
  /** Lets the next one come; only after `ready`. */
  readonly done: () => void
}

/** What was begun in an order is told in that order, whichever is ready first: small files overtake each other on the disk. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** The next place. */
  take(): Turn {
    const ready = this.#last
    let done = () => {}
    this.#last = new Promise((resolve) => {
      done = resolve
    })
    return { ready, done }
  }
}
