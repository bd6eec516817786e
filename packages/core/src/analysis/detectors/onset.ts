/** How far each level lies above the lowest of the few before it: what begins suddenly rises far, a swell does not. */
export class Onset {
  readonly #before: number[]
  readonly #windows: number

  /** @param windows - how many levels a rise may take */
  constructor(windows: number, before: readonly number[] = []) {
    this.#windows = windows
    this.#before = [...before]
  }

  /**
   * Takes the next level.
   * @param floor - dips below it do not count: a rise begins at the background
   * @returns the ratio of this level to where it rose from; to `floor` when nothing was before it
   */
  push(rms: number, floor: number): number {
    const from = this.#before.length === 0 ? floor : Math.max(floor, Math.min(...this.#before))
    this.#before.push(rms)
    if (this.#before.length > this.#windows) this.#before.shift()
    return rms / from
  }

  /** The same state, to look ahead with. */
  clone(): Onset {
    return new Onset(this.#windows, this.#before)
  }
}
