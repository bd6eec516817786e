/** Adds up lengths of audio without rounding: samples are counted, and become seconds when the rate changes. */
export class AudioLength {
  #earlierSeconds = 0
  #samples = 0
  #rateHz = 1

  /** Adds samples. */
  add(samples: number, sampleRateHz: number): void {
    if (sampleRateHz !== this.#rateHz) {
      this.#earlierSeconds = this.seconds
      this.#samples = 0
      this.#rateHz = sampleRateHz
    }
    this.#samples += samples
  }

  /** The sum. */
  get seconds(): number {
    return this.#earlierSeconds + this.#samples / this.#rateHz
  }
}
