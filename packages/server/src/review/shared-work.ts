interface Work<Result> {
  readonly result: Promise<Result>
  readonly stop: AbortController
  waiting: number
}

/** Work that several want at the same time is done once, and ends when nobody waits for it any more. */
export class SharedWork<Result> {
  readonly #works = new Map<string, Work<Result>>()

  /**
   * Does the work, or waits for the one under way.
   * @param key - the same for the same work
   * @param signal - of who waits; work that nobody waits for is stopped
   */
  async run(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const known = this.#works.get(key)
    const work = known && !known.stop.signal.aborted ? known : this.#start(key, start)
    work.waiting++
    const leave = () => {
      if (--work.waiting === 0) work.stop.abort()
    }
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
    try {
      return await work.result
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<Result>): Work<Result> {
    const stop = new AbortController()
    const result = start(stop.signal).finally(() => {
      if (this.#works.get(key) === work) this.#works.delete(key)
    })
    const work: Work<Result> = { result, stop, waiting: 0 }
    this.#works.set(key, work)
    return work
  }
}
