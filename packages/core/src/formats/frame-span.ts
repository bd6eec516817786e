import type { HeaderCapture } from './header-capture.js'

/**
 * Consecutive whole frames of one logical stream, back to back in one buffer.
 * A frame is what a file may be cut between: an MPEG or ADTS frame, an Ogg packet, a FLAC frame, one PCM sample of all channels.
 */
export abstract class FrameSpan {
  /** The headers in force. A different object than before means a new logical stream: the file must end here. */
  readonly header: HeaderCapture
  /** The frames, nothing between them. Nobody mutates it. */
  readonly bytes: Uint8Array
  /**
   * Bytes received for these frames beside themselves: page headers, lacing, codec headers before the first frame.
   * They belong to the first frame. `bytes.length + overheadBytes` is what was received.
   */
  readonly overheadBytes: number

  constructor(header: HeaderCapture, bytes: Uint8Array, overheadBytes: number) {
    this.header = header
    this.bytes = bytes
    this.overheadBytes = overheadBytes
  }

  /** Number of frames, at least 1. */
  abstract readonly frames: number
  /** Offset in `bytes` where `frame` starts, 0 <= frame <= frames; the last is `bytes.length`. */
  abstract byteOffset(frame: number): number
  /** Samples per channel before `frame`, 0 <= frame <= frames; the last is `samples`. Hidden samples do not count. */
  abstract sampleOffset(frame: number): number
  /** The frames `from` <= frame < `to` as a span; views, no copy. `overheadBytes` goes with frame 0. */
  abstract slice(from: number, to: number): FrameSpan

  /**
   * The same frames in other memory, so that a few of them need not hold all that they came with. Default: this span, which holds its own.
   * @param _bytes - the same as `bytes`, elsewhere
   */
  over(_bytes: Uint8Array): FrameSpan {
    return this
  }

  /** Audible samples of every frame, where all hold equally many; undefined where they may differ. */
  get samplesPerFrame(): number | undefined {
    return undefined
  }

  /** Length in audible PCM samples per channel; divide by `header.info.sampleRateHz` for seconds. */
  get samples(): number {
    return this.sampleOffset(this.frames)
  }

  /** Length in seconds. */
  get durationSeconds(): number {
    return this.samples / this.header.info.sampleRateHz
  }

  /** Bytes of `frame`. */
  frame(frame: number): Uint8Array {
    return this.bytes.subarray(this.byteOffset(frame), this.byteOffset(frame + 1))
  }

  /** The first frame whose start is at or after `sample`; `frames` when there is none. */
  frameAtSample(sample: number): number {
    let low = 0
    let high = this.frames
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.sampleOffset(middle) < sample) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** A span of frames that differ in size or length. */
export class IndexedSpan extends FrameSpan {
  readonly #byteOffsets: ArrayLike<number>
  readonly #sampleOffsets: ArrayLike<number> | number
  readonly frames: number

  /**
   * @param byteOffsets - `frames + 1` offsets into `bytes`, first 0, last `bytes.length`
   * @param sampleOffsets - `frames + 1` sample counts, first 0, last the audible samples of the span; or those of one frame,
   *   where all hold equally many
   */
  constructor(
    header: HeaderCapture,
    bytes: Uint8Array,
    byteOffsets: ArrayLike<number>,
    sampleOffsets: ArrayLike<number> | number,
    overheadBytes = 0,
  ) {
    super(header, bytes, overheadBytes)
    this.#byteOffsets = byteOffsets
    this.#sampleOffsets = sampleOffsets
    this.frames = byteOffsets.length - 1
  }

  override get samplesPerFrame(): number | undefined {
    return typeof this.#sampleOffsets === 'number' ? this.#sampleOffsets : undefined
  }

  byteOffset(frame: number): number {
    return this.#byteOffsets[frame]
  }

  sampleOffset(frame: number): number {
    const offsets = this.#sampleOffsets
    return typeof offsets === 'number' ? frame * offsets : offsets[frame]
  }

  slice(from: number, to: number): FrameSpan {
    if (from === 0 && to === this.frames) return this
    return new IndexedSpan(
      this.header,
      this.bytes.subarray(this.#byteOffsets[from], this.#byteOffsets[to]),
      rebased(this.#byteOffsets, from, to),
      typeof this.#sampleOffsets === 'number' ? this.#sampleOffsets : rebased(this.#sampleOffsets, from, to),
      from === 0 ? this.overheadBytes : 0,
    )
  }

  override over(bytes: Uint8Array): FrameSpan {
    return new IndexedSpan(this.header, bytes, this.#byteOffsets, this.#sampleOffsets, this.overheadBytes)
  }
}

/** `offsets` from one index to another, counted from the first. */
function rebased(offsets: ArrayLike<number>, from: number, to: number): number[] {
  const part = new Array<number>(to - from + 1)
  for (let index = from; index <= to; index++) part[index - from] = offsets[index] - offsets[from]
  return part
}

/** A span of frames that are all alike: PCM. */
export class UniformSpan extends FrameSpan {
  readonly #bytesPerFrame: number
  readonly #samplesPerFrame: number
  readonly frames: number

  constructor(
    header: HeaderCapture,
    bytes: Uint8Array,
    bytesPerFrame: number,
    samplesPerFrame: number,
    overheadBytes = 0,
  ) {
    super(header, bytes, overheadBytes)
    this.#bytesPerFrame = bytesPerFrame
    this.#samplesPerFrame = samplesPerFrame
    this.frames = bytes.length / bytesPerFrame
  }

  override get samplesPerFrame(): number {
    return this.#samplesPerFrame
  }

  byteOffset(frame: number): number {
    return frame * this.#bytesPerFrame
  }

  sampleOffset(frame: number): number {
    return frame * this.#samplesPerFrame
  }

  slice(from: number, to: number): FrameSpan {
    if (from === 0 && to === this.frames) return this
    return new UniformSpan(
      this.header,
      this.bytes.subarray(this.byteOffset(from), this.byteOffset(to)),
      this.#bytesPerFrame,
      this.#samplesPerFrame,
      from === 0 ? this.overheadBytes : 0,
    )
  }

  override over(bytes: Uint8Array): FrameSpan {
    return new UniformSpan(this.header, bytes, this.#bytesPerFrame, this.#samplesPerFrame, this.overheadBytes)
  }
}
