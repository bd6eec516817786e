/**
 * Reads an iterator until a signal aborts, even when the iterator never answers. Listens once for all items, for a listener costs more
 * than most items; and races against no long-lived promise, whose list would grow for ever.
 */
export class AbortableIterator<T> {
  readonly #iterator: AsyncIterator<T>
  readonly #signal: AbortSignal
  #resolve?: (nothing: undefined) => void
  readonly #onAbort = () => this.#resolve?.(undefined)

  /** Begins to listen; `end` must be called. */
  constructor(iterator: AsyncIterator<T>, signal: AbortSignal) {
    this.#iterator = iterator
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** The next item, or undefined when the signal aborts first. One call at a time. */
  next(): Promise<IteratorResult<T> | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#signal.aborted) return resolve(undefined)
      this.#resolve = resolve
      this.#iterator.next().then(resolve, reject)
    })
  }

  /** Listens no more. */
  end(): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}
