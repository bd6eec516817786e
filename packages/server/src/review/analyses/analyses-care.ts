import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pruneAnalyses, type Clock, type Library, type Timer } from '@isr/core'

/** What an {@link AnalysesCare} works with. */
export interface AnalysesCareOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Folder of the analyses. */
  readonly analysesDirectory: string
  /** Tells what has gone. */
  readonly library: Library
  /** Time and timers. */
  readonly clock: Clock
}

/** A recorder removes many recordings one after another. */
const REST_MS = 5000

/**
 * Removes analyses whose recordings are gone from a folder of their own, of which no recorder knows; beside the recordings the recorder
 * does it. Only while the ledger is there: a volume that is not mounted has lost nothing.
 */
export class AnalysesCare {
  readonly #options: AnalysesCareOptions
  readonly #stop = new AbortController()
  #timer?: Timer
  #work: Promise<void> = Promise.resolve()

  /** Begins to follow the library. */
  constructor(options: AnalysesCareOptions) {
    this.#options = options
    const { directory, analysesDirectory, library } = options
    if (resolve(analysesDirectory) === resolve(directory, 'analyses')) return
    library.on('removed', () => this.#soon())
    this.#soon()
  }

  /** Ends. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.#timer?.cancel()
    await this.#work
  }

  #soon(): void {
    if (this.#stop.signal.aborted) return
    this.#timer ??= this.#options.clock.after(REST_MS, () => {
      this.#timer = undefined
      this.#work = this.#work.then(() => this.#prune())
    })
  }

  async #prune(): Promise<void> {
    const { directory, analysesDirectory, clock } = this.#options
    const { signal } = this.#stop
    try {
      await stat(join(directory, '.isr/ledger.jsonl'))
      await pruneAnalyses({ directory, analysesDirectory, clock, signal })
    } catch {
      // what cannot be looked at has lost nothing
    }
  }
}
