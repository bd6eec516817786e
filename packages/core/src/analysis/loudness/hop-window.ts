/** Steps of 100 ms in a momentary block: 400 ms, overlapping by three quarters. */
const MOMENTARY_HOPS = 4
/** Steps in a short-term block: 3 s. */
const SHORT_TERM_HOPS = 30

/** The last three seconds of energy, in steps of 100 ms. */
export class HopWindow {
  readonly #energies = new Float64Array(SHORT_TERM_HOPS)
  readonly #frames = new Float64Array(SHORT_TERM_HOPS)
  #hops = 0

  /** Adds a step: the weighted sum of the squares of its samples, and how many samples a channel has in it. */
  add(energy: number, frames: number): void {
    const at = this.#hops++ % SHORT_TERM_HOPS
    this.#energies[at] = energy
    this.#frames[at] = frames
  }

  /** Mean square of the last 400 ms; undefined before there are so many. */
  get momentary(): number | undefined {
    return this.#mean(MOMENTARY_HOPS)
  }

  /** Mean square of the last 3 s; undefined before there are so many. */
  get shortTerm(): number | undefined {
    return this.#mean(SHORT_TERM_HOPS)
  }

  #mean(hops: number): number | undefined {
    if (this.#hops < hops) return undefined
    let energy = 0
    let frames = 0
    for (let hop = this.#hops - hops; hop < this.#hops; hop++) {
      energy += this.#energies[hop % SHORT_TERM_HOPS]
      frames += this.#frames[hop % SHORT_TERM_HOPS]
    }
    return energy / frames
  }
}
