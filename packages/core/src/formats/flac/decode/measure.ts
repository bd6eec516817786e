import type { FlacFrameHeader } from '../frame-header.js'
import { FrameBits } from './frame-bits.js'
import { readResidual } from './residual.js'
import { sideChannelOf } from './stereo.js'
import { readSubframeKind } from './subframe.js'

/** Where a frame ends, found by walking its codes: the arbiter where checksums leave doubt. Cost grows with the bytes walked, not with samples. */
export class FlacFrameMeasure {
  readonly #bits = new FrameBits()
  #scratch = new Int32Array(0)

  /**
   * The size in bytes of the frame that starts `bytes`, by its codes alone; -1 when no frame can begin like this;
   * 0 when it needs more bytes than there are. The CRC-16 is not looked at.
   * @param bitsPerSample - `header.bitsPerSample`, or what STREAMINFO says where that is 0
   */
  measure(bytes: Uint8Array, header: FlacFrameHeader, bitsPerSample: number): number {
    const bits = this.#bits
    if (this.#scratch.length < header.blockSize) this.#scratch = new Int32Array(header.blockSize)
    bits.load(bytes, header.headerBytes)
    const side = sideChannelOf(header.channelAssignment)
    for (let channel = 0; channel < header.channels; channel++) {
      const valid = this.#walk(header.blockSize, bitsPerSample + (channel === side ? 1 : 0))
      if (bits.exhausted) return 0
      if (!valid) return -1
    }
    const size = Math.ceil(bits.bit / 8) + 2
    return size > bytes.length ? 0 : size
  }

  #walk(blockSize: number, bitsPerSample: number): boolean {
    const bits = this.#bits
    const kind = readSubframeKind(bits)
    if (kind === undefined || kind.wastedBits >= bitsPerSample) return false
    const width = bitsPerSample - kind.wastedBits
    if (kind.type === 'constant') bits.bit += width
    else if (kind.type === 'verbatim') bits.bit += width * blockSize
    else {
      if (kind.order > blockSize) return false
      bits.bit += width * kind.order
      if (kind.type === 'lpc') {
        const precision = bits.unsigned(4) + 1
        if (precision > 15 || bits.signed(5) < 0) return false
        bits.bit += precision * kind.order
      }
      return !bits.exhausted && readResidual(bits, this.#scratch, kind.order, blockSize) >= 0
    }
    return !bits.exhausted
  }
}
