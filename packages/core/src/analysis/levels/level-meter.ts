import { IsrError } from '../../errors.js'
import { levelsKernel, MOST_CHANNELS, type FormatKernel, type MeasuredFormat } from './kernel.js'
import type { LevelBlock } from './levels.js'
import { WindowSums } from './window-sums.js'

/** What a {@link LevelMeter} measures. */
export interface LevelMeterOptions {
  /** Sampling rate in Hz. */
  readonly sampleRateHz: number
  /** Channels, 1 to 8. */
  readonly channels: number
  /** How the samples of `push` are laid out: little-endian, interleaved; `u8` and `f64` beside those of a `PcmLayout`. @defaultValue `'s16'` */
  readonly sampleFormat?: MeasuredFormat
}

/**
 * RMS and peak of each channel in windows of {@link LEVEL_WINDOW_MS}, as audio comes. Memory does not depend on its length.
 * Values that are no number count as silence. One meter takes either bytes or planes.
 */
export class LevelMeter {
  readonly #format: FormatKernel
  readonly #channels: number
  readonly #frameBytes: number
  readonly #sums: WindowSums
  readonly #kernel = levelsKernel()
  /** The begin of a frame whose end has not come. */
  readonly #torn: Uint8Array
  #tornBytes = 0

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` */
  constructor({ sampleRateHz, channels, sampleFormat = 's16' }: LevelMeterOptions) {
    if (!(sampleRateHz >= 1))
      throw new IsrError('ISR_ARGUMENT_INVALID', `sampleRateHz: ${sampleRateHz}; it must be at least 1`)
    if (!Number.isInteger(channels) || channels < 1 || channels > MOST_CHANNELS)
      throw new IsrError('ISR_ARGUMENT_INVALID', `channels: ${channels}; it must be 1 to ${MOST_CHANNELS}`)
    this.#format = this.#kernel.formats[sampleFormat]
    this.#channels = channels
    this.#frameBytes = channels * this.#format.bytes
    this.#torn = new Uint8Array(this.#frameBytes)
    this.#sums = new WindowSums(sampleRateHz, channels)
  }

  /** Samples per channel so far. */
  get samples(): number {
    return this.#sums.samples
  }

  /** Takes bytes, cut anywhere. @returns the windows that they finished; maybe none */
  push(bytes: Uint8Array): LevelBlock {
    const { input } = this.#kernel
    let at = 0
    while (at < bytes.length) {
      const start = this.#restoreTorn()
      const count = Math.min(bytes.length - at, input.length - start)
      input.set(count === bytes.length ? bytes : bytes.subarray(at, at + count), start)
      this.#measureInput(start + count)
      at += count
    }
    return this.#sums.take()
  }

  /**
   * Takes what `read` puts into memory that the kernel works on: nothing is copied.
   * @param read - fills the room from its start, at once, and tells how many bytes it wrote; 0 at the end. It must not measure anything itself
   * @returns how many bytes came, and the windows that they finished
   */
  pushFrom(read: (room: Uint8Array) => number): {
    /** How many came. */
    readonly bytes: number
    /** The windows that they finished. */
    readonly block: LevelBlock
  } {
    const start = this.#restoreTorn()
    const bytes = read(this.#kernel.input.subarray(start))
    this.#measureInput(start + bytes)
    return { bytes, block: this.#sums.take() }
  }

  /**
   * Takes decoded audio, an array for each channel, all of one length.
   * @param planes - floats with full scale 1, or integers
   * @param bitsPerSample - of integers: full scale is 2 ** (bitsPerSample - 1). Default 32
   */
  pushPlanes(planes: readonly Float32Array[] | readonly Int32Array[], bitsPerSample = 32): LevelBlock {
    const length = planes[0]?.length ?? 0
    if (length > 0 && planes.length !== this.#channels)
      throw new IsrError('ISR_ARGUMENT_INVALID', `${planes.length} planes for ${this.#channels} channels`)
    const most = this.#kernel.input.length / 4
    for (let at = 0; at < length;) {
      const count = Math.min(length - at, this.#sums.missing, most)
      for (const [channel, plane] of planes.entries())
        this.#measurePlane(channel, plane.subarray(at, at + count), bitsPerSample)
      this.#sums.advance(count)
      at += count
    }
    return this.#sums.take()
  }

  /** The audio is over: its last window counts with the length that it has. What is left of a torn frame is dropped. */
  finish(): LevelBlock {
    this.#tornBytes = 0
    this.#sums.finish()
    return this.#sums.take()
  }

  /** Puts the begin of a frame before what comes next. @returns its length */
  #restoreTorn(): number {
    const bytes = this.#tornBytes
    if (bytes > 0) this.#kernel.input.set(this.#torn.subarray(0, bytes))
    this.#tornBytes = 0
    return bytes
  }

  #measureInput(bytes: number): void {
    const { input, inputAt } = this.#kernel
    const frames = Math.floor(bytes / this.#frameBytes)
    for (let frame = 0; frame < frames;) {
      const count = Math.min(frames - frame, this.#sums.missing)
      this.#format.measure(inputAt + frame * this.#frameBytes, count, this.#channels)
      this.#add(0, this.#channels, this.#format.fullScale)
      this.#sums.advance(count)
      frame += count
    }
    this.#tornBytes = bytes - frames * this.#frameBytes
    if (this.#tornBytes > 0) this.#torn.set(input.subarray(bytes - this.#tornBytes, bytes))
  }

  #measurePlane(channel: number, plane: Float32Array | Int32Array, bitsPerSample: number): void {
    const { input, inputAt, formats } = this.#kernel
    input.set(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength))
    const integers = plane instanceof Int32Array
    formats[integers ? 's32' : 'f32'].measure(inputAt, plane.length, 1)
    this.#add(channel, 1, integers ? 2 ** (bitsPerSample - 1) : 1)
  }

  /** What the kernel found in `count` channels belongs to the channels from `channel` on. */
  #add(channel: number, count: number, fullScale: number): void {
    const { squares, peaks } = this.#kernel
    for (let index = 0; index < count; index++)
      this.#sums.add(channel + index, squares[index] / (fullScale * fullScale), peaks[index] / fullScale)
  }
}
