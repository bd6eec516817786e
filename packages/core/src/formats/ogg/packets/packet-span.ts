import { FrameSpan } from '../../frame-span.js'
import type { HeaderCapture } from '../../header-capture.js'

/** What a {@link PacketSpan} is made of. */
export interface PacketSpanInit {
  /** The headers in force. */
  readonly header: HeaderCapture
  /** The packets back to back. */
  readonly bytes: Uint8Array
  /** Where each packet starts in `bytes`, and the end of the last. */
  readonly byteOffsets: ArrayLike<number>
  /** Samples that a decoder of the whole stream gives before each packet, hidden ones too, and after the last. */
  readonly decodedOffsets: ArrayLike<number>
  /** How many samples from the first on are hidden by pre-skip. */
  readonly hiddenSamples: number
  /** How many samples at the end are cut off by the granule position of the last page. */
  readonly trimmedSamples: number
  /** Bytes received around the packets. */
  readonly overheadBytes: number
}

/** A span of Ogg packets. Each packet is a frame. */
export class PacketSpan extends FrameSpan {
  readonly frames: number
  /** How many samples from the first on are hidden: the pre-skip of an Opus stream. 0 but at a stream's true start. */
  readonly hiddenSamples: number
  /** How many samples at the end are cut off. 0 but at a stream's end. */
  readonly trimmedSamples: number
  readonly #byteOffsets: ArrayLike<number>
  readonly #decodedOffsets: ArrayLike<number>

  constructor(init: PacketSpanInit) {
    super(init.header, init.bytes, init.overheadBytes)
    this.frames = init.byteOffsets.length - 1
    this.#byteOffsets = init.byteOffsets
    this.#decodedOffsets = init.decodedOffsets
    this.trimmedSamples = Math.min(init.trimmedSamples, this.decodedSamples)
    this.hiddenSamples = init.hiddenSamples
  }

  /** Samples that a decoder of the whole stream gives for these packets, hidden and cut off ones too. */
  get decodedSamples(): number {
    return this.decodedOffset(this.frames)
  }

  /** Samples before `frame`, hidden and cut off ones too. */
  decodedOffset(frame: number): number {
    return this.#decodedOffsets[frame] - this.#decodedOffsets[0]
  }

  byteOffset(frame: number): number {
    return this.#byteOffsets[frame] - this.#byteOffsets[0]
  }

  sampleOffset(frame: number): number {
    const untrimmed = Math.min(this.decodedOffset(frame), this.decodedSamples - this.trimmedSamples)
    return Math.max(0, untrimmed - this.hiddenSamples)
  }

  slice(from: number, to: number): FrameSpan {
    if (from === 0 && to === this.frames) return this
    return new PacketSpan({
      header: this.header,
      bytes: this.bytes.subarray(this.byteOffset(from), this.byteOffset(to)),
      byteOffsets: subRange(this.#byteOffsets, from, to),
      decodedOffsets: subRange(this.#decodedOffsets, from, to),
      hiddenSamples: Math.max(0, this.hiddenSamples - this.decodedOffset(from)),
      trimmedSamples: Math.max(0, this.trimmedSamples - (this.decodedSamples - this.decodedOffset(to))),
      overheadBytes: from === 0 ? this.overheadBytes : 0,
    })
  }

  override over(bytes: Uint8Array): FrameSpan {
    const { header, hiddenSamples, trimmedSamples, overheadBytes } = this
    const [byteOffsets, decodedOffsets] = [this.#byteOffsets, this.#decodedOffsets]
    return new PacketSpan({ header, bytes, byteOffsets, decodedOffsets, hiddenSamples, trimmedSamples, overheadBytes })
  }
}

function subRange(offsets: ArrayLike<number>, from: number, to: number): number[] {
  return Array.prototype.slice.call(offsets, from, to + 1)
}
