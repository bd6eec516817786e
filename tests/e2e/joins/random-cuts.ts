import { Splitter, type FrameSpan } from '@isr/core'

/** Numbers that are the same in every run (xorshift32), as integers below `limit`. */
export function randomIntegers(seed: number): (limit: number) => number {
  let state = seed | 1
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
}

/**
 * Frames at which files begin: the first three frames of the stream, where history is short, its last two, five frames in a
 * row somewhere, the rest anywhere. Ascending, `count` of them.
 */
export function randomCuts(frames: number, count: number, seed: number): number[] {
  if (frames < 2 * count) throw new RangeError(`${frames} frames are too few for ${count} cuts`)
  const random = randomIntegers(seed)
  const row = 10 + random(frames - 20)
  const cuts = new Set([1, 2, 3, frames - 2, frames - 1, row, row + 1, row + 2, row + 3, row + 4])
  while (cuts.size < count) cuts.add(1 + random(frames - 1))
  return [...cuts].sort((a, b) => a - b)
}

/** Ends files before chosen frames, counted over the whole connection. */
export class CutsAt extends Splitter {
  readonly #cuts: number[]
  /** Frames before the span that is asked about. */
  #frame = 0

  constructor(cuts: readonly number[]) {
    super()
    this.#cuts = [...cuts]
  }

  cut(span: FrameSpan): number {
    const cut = this.#cuts[0] === undefined ? Infinity : this.#cuts[0] - this.#frame
    if (cut >= span.frames) {
      this.#frame += span.frames
      return -1
    }
    this.#frame += cut
    this.#cuts.shift()
    return cut
  }
}
