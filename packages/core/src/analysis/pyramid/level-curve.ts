import { TierSum } from './tier-sum.js'

/** Levels of a stretch of a recording, at as many points as were asked for. */
export interface LevelCurve {
  /** Number of channels. */
  readonly channels: number
  /** Where the first point begins, from the start of the recording. */
  readonly fromSeconds: number
  /** Where the last point ends. */
  readonly toSeconds: number
  /** Root of the mean power at `point * channels + channel`; linear, 1 is full scale. NaN where nothing was measured. */
  readonly rms: Float32Array
  /** Largest magnitude of a sample; a waveform is drawn from -peak to peak. NaN where nothing was measured. */
  readonly peak: Float32Array
  /** RMS of the quietest window of 100 ms. NaN where nothing was measured. */
  readonly low: Float32Array
}

/** Decimal fractions are rounded: what touches does not overlap. */
const NOTHING_SECONDS = 1e-9

/** Spreads the entries of a tier over points: each point holds all that overlaps it, so no peak is ever lost. */
export class CurveBuilder {
  readonly #curve: LevelCurve
  readonly #points: number
  readonly #pointSeconds: number
  readonly #sum: TierSum
  #point = 0

  constructor(channels: number, fromSeconds: number, toSeconds: number, points: number) {
    const empty = () => new Float32Array(points * channels).fill(NaN)
    this.#curve = { channels, fromSeconds, toSeconds, rms: empty(), peak: empty(), low: empty() }
    this.#points = points
    this.#pointSeconds = (toSeconds - fromSeconds) / points
    this.#sum = new TierSum(channels)
  }

  /** Adds an entry; they come in order. Levels are linear, by channel. */
  add(
    startSeconds: number,
    endSeconds: number,
    rms: ArrayLike<number>,
    peak: ArrayLike<number>,
    low: ArrayLike<number>,
  ): void {
    while (this.#point < this.#points && startSeconds > this.#endOf(this.#point) - NOTHING_SECONDS) this.#close()
    for (;;) {
      const overlap =
        Math.min(endSeconds, this.#endOf(this.#point)) - Math.max(startSeconds, this.#startOf(this.#point))
      if (this.#point >= this.#points || overlap < NOTHING_SECONDS) return
      for (let channel = 0; channel < this.#curve.channels; channel++)
        this.#sum.add(channel, overlap, rms[channel], peak[channel], low[channel])
      this.#sum.advance(overlap)
      if (endSeconds < this.#endOf(this.#point) - NOTHING_SECONDS) return
      this.#close()
    }
  }

  /** The curve. */
  finish(): LevelCurve {
    if (this.#point < this.#points) this.#close()
    return this.#curve
  }

  #close(): void {
    const { channels, rms, peak, low } = this.#curve
    for (let channel = 0, at = this.#point * channels; channel < channels && this.#sum.weight > 0; channel++, at++) {
      rms[at] = this.#sum.rms(channel)
      peak[at] = this.#sum.peak(channel)
      low[at] = this.#sum.low(channel)
    }
    this.#sum.clear()
    this.#point++
  }

  #startOf(point: number): number {
    return this.#curve.fromSeconds + point * this.#pointSeconds
  }

  #endOf(point: number): number {
    return point + 1 === this.#points ? this.#curve.toSeconds : this.#startOf(point + 1)
  }
}
