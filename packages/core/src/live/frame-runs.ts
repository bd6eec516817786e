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

/**
 * The frames that truly follow each other, among those found in a part of a file that begins and ends anywhere. Audio may hold
 * whole frames of another file (a recording of data, a forgery), checksums and all; but those stand inside one true frame, while
 * the true ones fill the part: the longest unbroken run of numbers and bytes is theirs.
 */
export class FrameRuns<Frame extends FoundFrame> {
  #best: Frame[] = []
  #run: Frame[] = []
  readonly #firstByte: number | undefined

  /** @param firstByte - where a true frame is known to begin: no other run is the true one. Default unknown */
  constructor(firstByte?: number) {
    this.#firstByte = firstByte
  }

  /** Takes what was found, in order. */
  add(frame: Frame): void {
    const last = this.#run.at(-1)
    if (last && (last.end !== frame.at || last.next !== frame.number)) this.#close()
    this.#run.push(frame)
  }

  /** The true ones, in order. */
  longest(): readonly Frame[] {
    this.#close()
    return this.#best
  }

  #close(): void {
    const [first] = this.#run
    const possible = this.#firstByte === undefined || first?.at === this.#firstByte
    if (possible && lengthOf(this.#run) >= lengthOf(this.#best)) this.#best = this.#run
    this.#run = []
  }
}

function lengthOf(run: readonly FoundFrame[]): number {
  return run.length === 0 ? 0 : run[run.length - 1].end - run[0].at
}
