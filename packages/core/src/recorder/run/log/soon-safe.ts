import type { Clock, Timer } from '../../../time/clock.js'
import type { LoggedFile } from './source-log.js'

/** By then a volume that is well has what was handed to it. */
const LOOK_MS = 150

/** With fewer files a wake-up costs more than what their frames hold in memory until the next ones come. */
const LEAST_FILES = 10

/**
 * Files that have just taken frames, of all sources of a process: a moment later they are asked once how much of them is safe, so that frames are
 * gone from memory before they are old there. Received audio that lives for seconds makes the collector of V8 go through all of the heap again
 * and again; what is gone at once costs it nothing.
 */
export class SoonSafe {
  static readonly #ofClock = new WeakMap<Clock, SoonSafe>()
  readonly #clock: Clock
  #files = new Set<LoggedFile>()
  #timer?: Timer

  private constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Those of everything that lives on `clock`. */
  static of(clock: Clock): SoonSafe {
    let one = SoonSafe.#ofClock.get(clock)
    if (!one) SoonSafe.#ofClock.set(clock, (one = new SoonSafe(clock)))
    return one
  }

  /** It has taken frames. */
  add(file: LoggedFile): void {
    this.#files.add(file)
    if (this.#timer || this.#files.size < LEAST_FILES) return
    this.#timer = this.#clock.after(LOOK_MS, () => this.#look())
  }

  /** It is over. */
  delete(file: LoggedFile): void {
    this.#files.delete(file)
    if (this.#files.size > 0) return
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #look(): void {
    this.#timer = undefined
    const files = this.#files
    this.#files = new Set()
    for (const file of files) file.settle()
  }
}
