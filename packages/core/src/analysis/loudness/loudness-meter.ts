import { concatBytes } from '../../bytes/concat.js'
import { IsrError } from '../../errors.js'
import { decibels } from '../detectors/decibels.js'
import { MOST_CHANNELS, type MeasuredFormat } from '../levels/kernel.js'
import { windowStart } from '../levels/window-start.js'
import { BlockHistogram, loudnessOf } from './block-histogram.js'
import { channelWeights } from './channel-weights.js'
import { HopWindow } from './hop-window.js'
import { kWeighting } from './k-weighting.js'
import {
  BLOCK_FRAMES,
  HISTORY_FRAMES,
  loudnessKernel,
  PAIR_NUMBERS,
  UNPACK_FORMATS,
  type LoudnessKernel,
} from './kernel.js'
import type { Loudness } from './loudness.js'
import { truePeakFilter, type TruePeakFilter } from './true-peak-filter.js'

/** What a {@link LoudnessMeter} measures. */
export interface LoudnessMeterOptions {
  /** Sampling rate in Hz. */
  readonly sampleRateHz: number
  /** Channels, 1 to 8. */
  readonly channels: number
  /** How the samples of `push` are laid out: little-endian, interleaved. @defaultValue `'s16'` */
  readonly sampleFormat?: MeasuredFormat
  /** How much each channel counts. @defaultValue {@link channelWeights} of channels in the order of WAVE */
  readonly channelWeights?: readonly number[]
}

/** Below the loudness of all blocks above the absolute gate, in LU. @source ITU-R BS.1770-4; EBU Tech 3342 */
const INTEGRATED_GATE_LU = 10
const RANGE_GATE_LU = 20
const RANGE_LOW = 0.1
const RANGE_HIGH = 0.95

/**
 * Measures loudness as EBU R 128 has it, while audio passes. Constant memory (some 250 kB), and the same however audio is cut into
 * pieces. Within 0.1 LU of ffmpeg's `ebur128`, true peak within 0.3 dB.
 *
 * @example
 * ```ts
 * const meter = new LoudnessMeter({ sampleRateHz: 48000, channels: 2, sampleFormat: 's16' })
 * for await (const chunk of pcm) meter.push(chunk)
 * console.log(meter.loudness.integratedLufs)
 * ```
 */
export class LoudnessMeter {
  readonly #sampleRateHz: number
  readonly #format: MeasuredFormat
  readonly #channels: number
  readonly #weights: readonly number[]
  readonly #coefficients: Float64Array
  readonly #filter: TruePeakFilter
  /** Of each pair of channels: the state of the filters and the sums of the squares of this step. */
  readonly #states: readonly Float64Array[]
  /** Of each channel: the samples before the next ones. */
  readonly #history: readonly Float32Array[]
  readonly #window = new HopWindow()
  readonly #momentary = new BlockHistogram()
  readonly #shortTerm = new BlockHistogram()
  readonly #truePeaks: Float64Array
  /** The begin of a frame whose end has not come. */
  #torn: Uint8Array
  #momentaryMax = 0
  #shortTermMax = 0
  #hops = 0
  #frames = 0
  #hopStart = 0

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` */
  constructor({ sampleRateHz, channels, sampleFormat = 's16', ...options }: LoudnessMeterOptions) {
    if (!(sampleRateHz >= 1000))
      throw new IsrError('ISR_ARGUMENT_INVALID', `sampleRateHz: ${sampleRateHz}; it must be at least 1000`)
    if (!Number.isInteger(channels) || channels < 1 || channels > MOST_CHANNELS)
      throw new IsrError('ISR_ARGUMENT_INVALID', `channels: ${channels}; it must be 1 to ${MOST_CHANNELS}`)
    this.#format = sampleFormat
    this.#torn = new Uint8Array(0)
    this.#sampleRateHz = sampleRateHz
    this.#channels = channels
    this.#weights = options.channelWeights ?? channelWeights(channels)
    const { shelf, highPass } = kWeighting(sampleRateHz)
    this.#coefficients = Float64Array.of(...shelf, ...highPass)
    this.#filter = truePeakFilter(sampleRateHz)
    this.#states = Array.from({ length: Math.ceil(channels / 2) }, () => new Float64Array(PAIR_NUMBERS))
    this.#history = Array.from({ length: channels }, () => new Float32Array(HISTORY_FRAMES))
    this.#truePeaks = new Float64Array(channels)
  }

  /** Takes bytes, cut anywhere. */
  push(bytes: Uint8Array): void {
    const format = UNPACK_FORMATS[this.#format]
    const frameBytes = this.#channels * format.bytes
    const kernel = loudnessKernel()
    const whole = this.#torn.length > 0 ? concatBytes([this.#torn, bytes]) : bytes
    const end = whole.length - (whole.length % frameBytes)
    for (let from = 0; from < end; from += BLOCK_FRAMES * frameBytes) {
      const part = whole.subarray(from, Math.min(end, from + BLOCK_FRAMES * frameBytes))
      kernel.unpack(part, format, this.#channels)
      this.#measure(kernel, part.length / frameBytes)
    }
    this.#torn = whole.slice(end)
  }

  /**
   * Takes decoded audio, an array for each channel, all of one length.
   * @param planes - floats with full scale 1, or integers
   * @param bitsPerSample - of integers: full scale is 2 ** (bitsPerSample - 1). Default 32
   */
  pushPlanes(planes: readonly Float32Array[] | readonly Int32Array[], bitsPerSample = 32): void {
    const frames = planes[0]?.length ?? 0
    if (frames > 0 && planes.length !== this.#channels)
      throw new IsrError('ISR_ARGUMENT_INVALID', `${planes.length} planes for ${this.#channels} channels`)
    const kernel = loudnessKernel()
    for (let from = 0; from < frames; from += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, frames - from)
      for (const [channel, plane] of planes.entries()) {
        const part = plane.subarray(from, from + count)
        if (part instanceof Int32Array) kernel.unpackPlane(channel, part, bitsPerSample)
        else kernel.loadPlane(channel, part)
      }
      this.#measure(kernel, count)
    }
  }

  /** Loudness of the last 400 ms, in LUFS; undefined before, `-Infinity` of silence. */
  get momentaryLufs(): number | undefined {
    return lufs(this.#window.momentary)
  }

  /** Loudness of the last 3 s, in LUFS; undefined before, `-Infinity` of silence. */
  get shortTermLufs(): number | undefined {
    return lufs(this.#window.shortTerm)
  }

  /** What was measured so far. */
  get loudness(): Loudness {
    const integratedLufs = this.#momentary.meanLufs(INTEGRATED_GATE_LU)
    const rangeLu = this.#shortTerm.rangeLu(RANGE_GATE_LU, RANGE_LOW, RANGE_HIGH)
    const truePeak = Math.max(...this.#truePeaks, this.#peakAtEnd())
    return {
      ...(integratedLufs !== undefined && { integratedLufs }),
      ...(rangeLu !== undefined && { rangeLu }),
      ...(this.#momentaryMax > 0 && { momentaryMaxLufs: loudnessOf(this.#momentaryMax) }),
      ...(this.#shortTermMax > 0 && { shortTermMaxLufs: loudnessOf(this.#shortTermMax) }),
      ...(truePeak > 0 && { truePeakDbtp: decibels(truePeak) }),
    }
  }

  /** The planes of the kernel hold the next samples. */
  #measure(kernel: LoudnessKernel, frames: number): void {
    for (let from = 0; from < frames;) {
      const hopEnd = windowStart(this.#hops + 1, this.#sampleRateHz)
      const count = Math.min(frames - from, hopEnd - this.#frames)
      this.#states.forEach((state, index) => {
        const first = index * 2
        const second = Math.min(first + 1, this.#channels - 1)
        kernel.weigh([first, second], from, count, this.#coefficients, state)
      })
      from += count
      this.#frames += count
      if (this.#frames === hopEnd) this.#endHop()
    }
    for (let channel = 0; channel < this.#channels; channel++) this.#measurePeak(kernel, channel, frames)
  }

  #endHop(): void {
    let energy = 0
    for (let channel = 0; channel < this.#channels; channel++) {
      const state = this.#states[channel >> 1]
      const at = PAIR_NUMBERS - 2 + (channel & 1)
      energy += this.#weights[channel] * state[at]
      state[at] = 0
    }
    this.#window.add(energy, this.#frames - this.#hopStart)
    this.#hopStart = this.#frames
    this.#hops++
    const { momentary, shortTerm } = this.#window
    if (momentary !== undefined) {
      this.#momentary.add(momentary)
      this.#momentaryMax = Math.max(this.#momentaryMax, momentary)
    }
    if (shortTerm !== undefined) {
      this.#shortTerm.add(shortTerm)
      this.#shortTermMax = Math.max(this.#shortTermMax, shortTerm)
    }
  }

  #measurePeak(kernel: LoudnessKernel, channel: number, frames: number): void {
    const plane = kernel.plane(channel)
    const history = this.#history[channel]
    plane.set(history)
    const known = Math.max(this.#truePeaks[channel], kernel.peak(channel, frames))
    this.#truePeaks[channel] = kernel.truePeak(channel, frames, this.#filter, known)
    history.set(plane.subarray(frames, frames + HISTORY_FRAMES))
  }

  /** The filter is half its length late: as if silence followed. */
  #peakAtEnd(): number {
    const kernel = loudnessKernel()
    let peak = 0
    for (const history of this.#history) {
      const plane = kernel.plane(0)
      plane.set(history)
      plane.fill(0, HISTORY_FRAMES, 2 * HISTORY_FRAMES)
      peak = kernel.truePeak(0, HISTORY_FRAMES, this.#filter, peak)
    }
    return peak
  }
}

function lufs(energy: number | undefined): number | undefined {
  return energy === undefined ? undefined : loudnessOf(energy)
}
