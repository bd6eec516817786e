import type { MonotonicMs } from '../../model.js'

const BLOCK_MS = 60_000
const MAX_POINTS = 64
/** Two minutes: a shorter measurement shows the network, not the clock. */
const MIN_POINTS = 3

interface Point {
  readonly atMs: MonotonicMs
  readonly latenessMs: number
}

/**
 * Rate of a source's clock against ours. Each block gives its least late arrival, the one that the network disturbed least;
 * the median slope of all pairs of them (Theil-Sen) does not mind blocks that were late as a whole. Constant memory:
 * blocks grow when there are too many.
 */
export class DriftMeter {
  #points: Point[] = []
  #blockMs = BLOCK_MS
  #blockEndsMs = -Infinity
  #best?: Point

  /**
   * Parts per million by which the source makes more samples per second than it declares; negative when it is slow.
   * Undefined for the first minutes.
   */
  get ppm(): number | undefined {
    const points = this.#points
    if (points.length < MIN_POINTS) return undefined
    const slopes: number[] = []
    for (let late = 1; late < points.length; late++) {
      for (let early = 0; early < late; early++) {
        const latenessMs = points[late].latenessMs - points[early].latenessMs
        slopes.push(latenessMs / (points[late].atMs - points[early].atMs))
      }
    }
    slopes.sort((a, b) => a - b)
    const middle = slopes.length >> 1
    const median = slopes.length % 2 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2
    return -median * 1e6
  }

  /** Takes how late the audio was that arrived at `atMs`. */
  add(atMs: MonotonicMs, latenessMs: number): void {
    if (this.#best && atMs >= this.#blockEndsMs) this.#closeBlock(this.#best)
    this.#best ??= this.#openBlock(atMs, latenessMs)
    if (latenessMs < this.#best.latenessMs) this.#best = { atMs, latenessMs }
  }

  /** Forgets everything: the audio is not what it was. */
  reset(): void {
    this.#points = []
    this.#best = undefined
  }

  #openBlock(atMs: MonotonicMs, latenessMs: number): Point {
    this.#blockEndsMs = atMs + this.#blockMs
    return { atMs, latenessMs }
  }

  #closeBlock(best: Point): void {
    this.#points.push(best)
    this.#best = undefined
    if (this.#points.length < MAX_POINTS) return
    this.#points = this.#points.filter((_, index) => index % 2 === 0)
    this.#blockMs *= 2
  }
}
