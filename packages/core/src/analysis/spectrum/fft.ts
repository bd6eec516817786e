/**
 * The power spectrum of real samples: a radix-2 transform of half the size, then taken apart. The small libraries for it were last kept
 * ten years ago, and decoding takes longer than this.
 */
export class PowerSpectrum {
  /** How many samples it takes: a power of two, 4 or more. */
  readonly size: number
  readonly #half: number
  readonly #cos: Float64Array
  readonly #sin: Float64Array
  readonly #reversed: Uint32Array
  readonly #re: Float64Array
  readonly #im: Float64Array

  /** @param size - a power of two, 4 or more */
  constructor(size: number) {
    this.size = size
    const half = (this.#half = size / 2)
    this.#cos = Float64Array.from({ length: half }, (_, at) => Math.cos((2 * Math.PI * at) / size))
    this.#sin = Float64Array.from({ length: half }, (_, at) => Math.sin((2 * Math.PI * at) / size))
    this.#reversed = new Uint32Array(half)
    for (let at = 1; at < half; at++) this.#reversed[at] = (this.#reversed[at >> 1] >> 1) | (at & 1 ? half >> 1 : 0)
    this.#re = new Float64Array(half)
    this.#im = new Float64Array(half)
  }

  /**
   * @param samples - `size` of them
   * @param power - squared magnitude of the bins 0 to `size / 2` is added to it
   */
  add(samples: Float64Array, power: Float64Array): void {
    const [half, re, im, reversed] = [this.#half, this.#re, this.#im, this.#reversed]
    for (let at = 0; at < half; at++) {
      const to = reversed[at]
      re[to] = samples[2 * at]
      im[to] = samples[2 * at + 1]
    }
    this.#transform()
    // bin k of the real samples is made of bins k and -k of even samples + i * odd samples
    power[0] += (re[0] + im[0]) ** 2
    power[half] += (re[0] - im[0]) ** 2
    for (let bin = 1; bin < half; bin++) {
      const other = half - bin
      const evenRe = (re[bin] + re[other]) / 2
      const evenIm = (im[bin] - im[other]) / 2
      const oddRe = (im[bin] + im[other]) / 2
      const oddIm = (re[other] - re[bin]) / 2
      const [cos, sin] = [this.#cos[bin], this.#sin[bin]]
      const real = evenRe + cos * oddRe + sin * oddIm
      const imaginary = evenIm + cos * oddIm - sin * oddRe
      power[bin] += real * real + imaginary * imaginary
    }
  }

  #transform(): void {
    const [half, re, im, allCos, allSin] = [this.#half, this.#re, this.#im, this.#cos, this.#sin]
    for (let length = 2; length <= half; length *= 2) {
      const wing = length / 2
      // the tables are of twice the size
      const step = (2 * half) / length
      for (let at = 0; at < wing; at++) {
        const cos = allCos[at * step]
        const sin = allSin[at * step]
        for (let upper = at; upper < half; upper += length) {
          const lower = upper + wing
          const real = re[lower] * cos + im[lower] * sin
          const imaginary = im[lower] * cos - re[lower] * sin
          re[lower] = re[upper] - real
          im[lower] = im[upper] - imaginary
          re[upper] += real
          im[upper] += imaginary
        }
      }
    }
  }
}
