import { IsrError } from '../../errors.js'
import type { Planes } from '../../decoders/decoder.js'
import { PowerSpectrum } from './fft.js'

/** Options of a {@link SpectrumMeter}. */
export interface SpectrumMeterOptions {
  /** Rate of the samples, in Hz. */
  readonly sampleRateHz: number
  /** Number of bands, of equal width on a logarithmic scale. @defaultValue 128 */
  readonly bands?: number
  /** Where the first band begins, in Hz. @defaultValue 40 */
  readonly lowestHz?: number
  /** Where the last band ends, in Hz; what is above half the rate is silent. @defaultValue half the rate */
  readonly highestHz?: number
}

const BANDS = 128
const LOWEST_HZ = 40
/** Long enough for the tones of birds and machines, short enough for their onsets. */
const WINDOW_SECONDS = 0.04
const SILENCE_DB = -200

/**
 * Measures how loud each band of frequencies is in windows of about 40 ms (Hann). A sine of full scale is 0 dBFS. A band that holds several
 * bins is as loud as the loudest of them, so that a tone is as bright in a wide band as in a narrow one; one that is narrower than a bin
 * is interpolated. Channels are mean power.
 *
 * @example
 * ```ts
 * const meter = new SpectrumMeter({ sampleRateHz: 48_000, bands: 64 })
 * const levels = meter.measure([samples], 0) // 64 levels in dBFS, low to high
 * ```
 */
export class SpectrumMeter {
  /** Samples of a window: a power of two. */
  readonly windowSamples: number
  /** Number of bands. */
  readonly bands: number
  /** Where the first band begins, in Hz. */
  readonly lowestHz: number
  /** Where the last band ends, in Hz. */
  readonly highestHz: number
  readonly #spectrum: PowerSpectrum
  readonly #window: Float64Array
  readonly #windowed: Float64Array
  readonly #power: Float64Array
  readonly #levels: Float64Array
  /** First and last bin of each band, or the two between which it lies. */
  readonly #bins: Int32Array
  /** Share of the second of those two; NaN for a band that holds bins. */
  readonly #shares: Float64Array

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` when there is no band between the frequencies */
  constructor({
    sampleRateHz,
    bands = BANDS,
    lowestHz = LOWEST_HZ,
    highestHz = sampleRateHz / 2,
  }: SpectrumMeterOptions) {
    if (!(lowestHz > 0 && highestHz > lowestHz && Number.isInteger(bands) && bands > 0)) {
      const what = `${bands} bands from ${lowestHz} to ${highestHz} Hz`
      throw new IsrError('ISR_ARGUMENT_INVALID', `a spectrum needs bands between two frequencies, not ${what}`)
    }
    const size = Math.max(64, 2 ** Math.round(Math.log2(sampleRateHz * WINDOW_SECONDS)))
    this.windowSamples = size
    this.bands = bands
    this.lowestHz = lowestHz
    this.highestHz = highestHz
    this.#spectrum = new PowerSpectrum(size)
    // periodic Hann; a sine in the middle of a bin gives its amplitude
    this.#window = Float64Array.from({ length: size }, (_, at) => (2 - 2 * Math.cos((2 * Math.PI * at) / size)) / size)
    this.#windowed = new Float64Array(size)
    this.#power = new Float64Array(size / 2 + 1)
    this.#levels = new Float64Array(bands)
    this.#bins = new Int32Array(2 * bands)
    this.#shares = new Float64Array(bands).fill(NaN)
    const binOf = (band: number) => ((lowestHz * (highestHz / lowestHz) ** (band / bands)) / sampleRateHz) * size
    for (let band = 0; band < bands; band++) {
      const first = Math.ceil(binOf(band))
      const last = Math.ceil(binOf(band + 1)) - 1
      const middle = binOf(band + 0.5)
      this.#bins.set(last >= first ? [first, last] : [Math.floor(middle), Math.floor(middle) + 1], 2 * band)
      if (last < first) this.#shares[band] = middle - Math.floor(middle)
    }
  }

  /**
   * Measures one window.
   * @param planes - samples of each channel, full scale is 1
   * @param from - where the window begins in them; what is outside of them is silence
   * @returns dBFS of each band, low to high; the array is the meter's, and true until the next window
   */
  measure(planes: Planes, from: number): Float64Array {
    const power = this.#power.fill(0)
    const windowed = this.#windowed
    for (const plane of planes) {
      for (let at = 0; at < windowed.length; at++) windowed[at] = (plane[from + at] ?? 0) * this.#window[at]
      this.#spectrum.add(windowed, power)
    }
    const levels = this.#levels
    for (let band = 0; band < this.bands; band++) {
      const found = this.#powerOf(band) / Math.max(1, planes.length)
      levels[band] = found > 1e-20 ? 10 * Math.log10(found) : SILENCE_DB
    }
    return levels
  }

  #powerOf(band: number): number {
    const power = this.#power
    const first = this.#bins[2 * band]
    const last = this.#bins[2 * band + 1]
    const share = this.#shares[band]
    if (!Number.isNaN(share)) return (power[first] ?? 0) * (1 - share) + (power[last] ?? 0) * share
    let most = 0
    for (let bin = first; bin <= last && bin < power.length; bin++) if (power[bin] > most) most = power[bin]
    return most
  }
}
