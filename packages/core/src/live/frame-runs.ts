import { longestRun } from '../formats/reading/longest-run.js'

/** A frame or page found in a part of a file. */
export interface FoundFrame {
  /** Where it begins. */
  readonly at: number
  /** Where it ends. */
  readonly end: number
  /** Its number. */
  readonly number: number
  /** The number that the one behind it carries. */
  readonly next: number
}

/** The frames that truly follow each other by numbers and bytes, among those found in a part of a file: see {@link longestRun}. */
export class FrameRuns<Frame extends FoundFrame> {
  readonly #runs: Frame[][] = []
  readonly #firstByte: number | undefined

  /** @param firstByte - where a true frame is known to begin: no other run is the true one. Default unknown */
  constructor(firstByte?: number) {
    this.#firstByte = firstByte
  }

  /** Takes what was found, in order. */
  add(frame: Frame): void {
    const run = this.#runs.at(-1)
    const last = run?.at(-1)
    if (last?.end === frame.at && last.next === frame.number) run?.push(frame)
    else this.#runs.push([frame])
  }

  /** The true ones, in order. */
  longest(): readonly Frame[] {
    const possible = this.#runs.filter(([{ at }]) => this.#firstByte === undefined || at === this.#firstByte)
    return longestRun(possible, (run) => run[run.length - 1].end - run[0].at) ?? []
  }
}
