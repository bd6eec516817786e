import type { LevelBlock } from './levels.js'
import { windowStart } from './window-start.js'

/** Adds up what was measured, and closes window after window: window k begins at sample floor(k * rate / 10). */
export class WindowSums {
  readonly #sampleRateHz: number
  readonly #channels: number
  readonly #squares: Float64Array
  readonly #peaks: Float64Array
  /** Closed windows that nobody has taken yet: RMS and peak of each channel. */
  #rms: number[] = []
  #peak: number[] = []
  #windows = 0
  #samples = 0
  #start = 0
  #end: number

  constructor(sampleRateHz: number, channels: number) {
    this.#sampleRateHz = sampleRateHz
    this.#channels = channels
    this.#squares = new Float64Array(channels)
    this.#peaks = new Float64Array(channels)
    this.#end = windowStart(1, sampleRateHz)
    this.advance(0) // below 10 Hz the first windows are empty
  }

  /** Samples per channel so far. */
  get samples(): number {
    return this.#samples
  }

  /** Samples per channel that the open window lacks; never 0. */
  get missing(): number {
    return this.#end - this.#samples
  }

  /** Adds squares and a peak of one channel of the stretch that comes next; linear, 1 is full scale. */
  add(channel: number, squares: number, peak: number): void {
    this.#squares[channel] += squares
    if (peak > this.#peaks[channel]) this.#peaks[channel] = peak
  }

  /** The stretch was so long; at most `missing`. */
  advance(samples: number): void {
    this.#samples += samples
    while (this.#samples === this.#end) this.#close()
  }

  /** Closes the open window, if it holds anything. */
  finish(): void {
    if (this.#samples > this.#start) this.#close()
  }

  /** The windows closed since the last call. */
  take(): LevelBlock {
    const block = { channels: this.#channels, rms: Float32Array.from(this.#rms), peak: Float32Array.from(this.#peak) }
    this.#rms = []
    this.#peak = []
    return block
  }

  #close(): void {
    const samples = this.#samples - this.#start
    for (let channel = 0; channel < this.#channels; channel++) {
      this.#rms.push(samples === 0 ? 0 : Math.sqrt(this.#squares[channel] / samples))
      this.#peak.push(this.#peaks[channel])
    }
    this.#squares.fill(0)
    this.#peaks.fill(0)
    this.#start = this.#samples
    this.#windows++
    this.#end = windowStart(this.#windows + 1, this.#sampleRateHz)
  }
}
