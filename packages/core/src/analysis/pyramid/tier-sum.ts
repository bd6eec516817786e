/** Adds up the entry of one tier: mean power, highest peak, quietest window. */
export class TierSum {
  readonly #power: Float64Array
  readonly #peak: Float64Array
  readonly #low: Float64Array
  #weight = 0

  constructor(channels: number) {
    this.#power = new Float64Array(channels)
    this.#peak = new Float64Array(channels)
    this.#low = new Float64Array(channels).fill(Infinity)
  }

  /** How much was added: samples, or seconds; 0 when nothing was. */
  get weight(): number {
    return this.#weight
  }

  /** Adds a stretch of one channel; linear levels. */
  add(channel: number, weight: number, rms: number, peak: number, low: number): void {
    this.#power[channel] += rms * rms * weight
    this.#peak[channel] = Math.max(this.#peak[channel], peak)
    this.#low[channel] = Math.min(this.#low[channel], low)
  }

  /** The stretch that was added to every channel weighs so much. */
  advance(weight: number): void {
    this.#weight += weight
  }

  /** Adds all that another sum holds. */
  merge(other: TierSum): void {
    for (let channel = 0; channel < this.#power.length; channel++)
      this.add(channel, other.#weight, other.rms(channel), other.peak(channel), other.low(channel))
    this.advance(other.#weight)
  }

  /** Root of the mean power. */
  rms(channel: number): number {
    return this.#weight === 0 ? 0 : Math.sqrt(this.#power[channel] / this.#weight)
  }

  /** Largest magnitude of a sample. */
  peak(channel: number): number {
    return this.#peak[channel]
  }

  /** RMS of the quietest window. */
  low(channel: number): number {
    return this.#low[channel] === Infinity ? 0 : this.#low[channel]
  }

  /** Begins anew. */
  clear(): void {
    this.#power.fill(0)
    this.#peak.fill(0)
    this.#low.fill(Infinity)
    this.#weight = 0
  }
}
