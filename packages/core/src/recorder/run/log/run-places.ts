/** Where a file stands. */
export interface RunPlace {
  readonly run: string
  readonly sequence: number
  /** Position of the file that it goes on from. */
  readonly continues?: number
}

/** Audio that no volume took before memory was full, in seconds from the start of the first run. */
export interface LostTime {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** What {@link RunPlaces} need. */
export interface RunPlacesOptions {
  readonly run: string
  /** Time is lost: the run ends at its start. @returns the run of what follows */
  readonly onBreak: (lost: LostTime) => string
  /** Time is lost amid a run of which later files stand already, or at its end. */
  readonly onGap: (lost: LostTime) => void
}

/** Two sums of the same lengths. */
const SAME_SECONDS = 1e-4

/** The places of files in their run, in the order in which they begin. What follows lost time is another run. */
export class RunPlaces {
  readonly #options: RunPlacesOptions
  #run: string
  #next = 0
  #lost?: LostTime
  /** Start of the last file that was begun. */
  #begunSeconds = -1

  constructor(options: RunPlacesOptions) {
    this.#options = options
    this.#run = options.run
  }

  /** The next place. */
  take(): RunPlace {
    return { run: this.#run, sequence: this.#next++ }
  }

  /**
   * A file begins at `seconds` of the audio.
   * @param before - the place that it was to have, or that of the file that it goes on from
   * @param isEntered - the ledger knows of a file there
   */
  begin(before: RunPlace, seconds: number, isEntered: boolean): RunPlace {
    this.#pass(seconds)
    this.#begunSeconds = Math.max(this.#begunSeconds, seconds)
    if (before.run !== this.#run) return this.take()
    return isEntered ? { ...this.take(), continues: before.sequence } : before
  }

  /** Audio is in no file. */
  lose(lost: LostTime): void {
    const before = this.#lost
    const adjoins = before && Math.abs(lost.fromSeconds - before.toSeconds) < SAME_SECONDS
    if (before && !adjoins) this.#options.onGap(before)
    this.#lost = adjoins ? { fromSeconds: before.fromSeconds, toSeconds: lost.toSeconds } : lost
  }

  /** No file follows. */
  end(): void {
    if (this.#lost) this.#options.onGap(this.#lost)
    this.#lost = undefined
  }

  #pass(seconds: number): void {
    const lost = this.#lost
    if (!lost || seconds < lost.toSeconds - SAME_SECONDS) return
    this.#lost = undefined
    if (this.#begunSeconds > lost.fromSeconds + SAME_SECONDS) return this.#options.onGap(lost)
    this.#run = this.#options.onBreak(lost)
    this.#next = 0
  }
}
