/**
 * Where the frames of a span begin, gathered while they are found. The room is used again: what is given out is a copy of just the size,
 * and one number for samples where all frames hold equally many.
 */
export class SpanOffsets {
  readonly #bytes: number[] = [0]
  readonly #samples: number[] = [0]
  #frames = 0
  #samplesPerFrame = 0
  #isEven = true

  /** Forgets what was gathered. */
  begin(): void {
    this.#frames = 0
    this.#isEven = true
  }

  /** One more frame. @param endByte - where it ends in the span @param samples - how many it holds */
  add(endByte: number, samples: number): void {
    if (this.#frames === 0) this.#samplesPerFrame = samples
    else if (samples !== this.#samplesPerFrame) this.#isEven = false
    const before = this.#samples[this.#frames++]
    this.#bytes[this.#frames] = endByte
    this.#samples[this.#frames] = before + samples
  }

  /** Where each frame begins, and where the last one ends. */
  get bytes(): readonly number[] {
    return this.#bytes.slice(0, this.#frames + 1)
  }

  /** Samples before each frame, and of all; only those of one frame where all hold equally many. */
  get samples(): readonly number[] | number {
    return this.#isEven ? this.#samplesPerFrame : this.#samples.slice(0, this.#frames + 1)
  }
}
