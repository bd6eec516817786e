import type { FlacFrameHeader } from '../frame-header.js'
import { FrameBits } from './frame-bits.js'
import { restoreStereo, restoreWideStereo, sideChannelOf } from './stereo.js'
import { decodeSubframe } from './subframe.js'

/**
 * Decodes FLAC frames one at a time, exactly. Keeps its buffers from frame to frame; nothing is allocated per sample.
 * The CRC-16 is the caller's business: a framer has looked at it already.
 * @source RFC 9639 §9.2
 */
export class FlacFrameDecoder {
  readonly #bits = new FrameBits()
  readonly #channels: Int32Array[] = []
  /** The side channel of 32-bit audio has 33 bits. */
  #wideSide = new Float64Array(0)
  #wideResidual = new Int32Array(0)

  /**
   * The samples of a whole frame, one array of `header.blockSize` a channel, signed; valid until the next call.
   * Undefined when the frame breaks the rules.
   * @param header - of this frame
   * @param bitsPerSample - `header.bitsPerSample`, or what STREAMINFO says where that is 0
   */
  decode(frame: Uint8Array, header: FlacFrameHeader, bitsPerSample: number): readonly Int32Array[] | undefined {
    const { blockSize, channels, channelAssignment } = header
    const side = sideChannelOf(channelAssignment)
    const wide = side >= 0 && bitsPerSample === 32
    this.#reserve(channels, blockSize, wide)
    this.#bits.load(frame, header.headerBytes)
    for (let channel = 0; channel < channels; channel++) {
      const width = bitsPerSample + (channel === side ? 1 : 0)
      const out = width > 32 ? this.#wideSide : this.#channels[channel]
      const residual = width > 32 ? this.#wideResidual : this.#channels[channel]
      if (!decodeSubframe(this.#bits, out, residual, blockSize, width)) return undefined
    }
    if (Math.ceil(this.#bits.bit / 8) + 2 !== frame.length) return undefined

    const [first, second] = this.#channels
    if (wide) restoreWideStereo(first, second, this.#wideSide, channelAssignment, blockSize)
    else if (side >= 0) restoreStereo(first, second, channelAssignment, blockSize)
    return Array.from({ length: channels }, (_, channel) => this.#channels[channel].subarray(0, blockSize))
  }

  #reserve(channels: number, blockSize: number, wide: boolean): void {
    for (let channel = 0; channel < channels; channel++) {
      if (!(this.#channels[channel]?.length >= blockSize)) this.#channels[channel] = new Int32Array(blockSize)
    }
    if (!wide || this.#wideSide.length >= blockSize) return
    this.#wideSide = new Float64Array(blockSize)
    this.#wideResidual = new Int32Array(blockSize)
  }
}
