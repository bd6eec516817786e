import { instantiateWasm, type WasmExports } from '../../../bytes/instantiate-wasm.js'
import { flacWasm } from '../../../wasm/flac.js'
import type { FlacFrameHeader } from '../frame-header.js'

/** What wasm/flac.ts exports; what each does is said there. */
interface FlacExports extends WasmExports {
  reserve(frameBytes: number, samples: number, channels: number): number
  decode(
    bytes: number,
    headerBytes: number,
    samples: number,
    channels: number,
    assignment: number,
    bits: number,
  ): number
  measure(
    bytes: number,
    headerBytes: number,
    samples: number,
    channels: number,
    assignment: number,
    bits: number,
  ): number
  planeAt(channel: number): number
  restore(): void
  interleave(bytesPerSample: number): number
  toFloats(scale: number): void
}

/**
 * Decodes FLAC frames one at a time, exactly, in WebAssembly. Keeps its memory from frame to frame; nothing is allocated per sample.
 * The CRC-16 is the caller's business: a framer has looked at it already.
 * @source RFC 9639 §9.2
 */
export class FlacFrameDecoder {
  readonly #wasm = instantiateWasm<FlacExports>(flacWasm)
  #bytes = new Uint8Array(0)

  /**
   * The samples of a whole frame, one array of `header.blockSize` a channel, signed; valid until the next call.
   * Undefined when the frame breaks the rules.
   * @param header - of this frame
   * @param bitsPerSample - `header.bitsPerSample`, or what STREAMINFO says where that is 0
   */
  decode(frame: Uint8Array, header: FlacFrameHeader, bitsPerSample: number): readonly Int32Array[] | undefined {
    if (!this.#decode(frame, header, bitsPerSample)) return undefined
    this.#wasm.restore()
    return this.#planes(header, (at) => new Int32Array(this.#bytes.buffer, at, header.blockSize))
  }

  /** The same as floats of full scale -1 to 1. */
  decodeFloats(frame: Uint8Array, header: FlacFrameHeader, bitsPerSample: number): readonly Float32Array[] | undefined {
    if (!this.#decode(frame, header, bitsPerSample)) return undefined
    this.#wasm.toFloats(2 ** (1 - bitsPerSample))
    return this.#planes(header, (at) => new Float32Array(this.#bytes.buffer, at, header.blockSize))
  }

  /**
   * The samples of a whole frame interleaved, as FLAC's MD5 and WAV files want them: signed little-endian integers of
   * `ceil(bitsPerSample / 8)` bytes; valid until the next call. Undefined when the frame breaks the rules.
   * @source RFC 9639 §8.2
   */
  decodePcm(frame: Uint8Array, header: FlacFrameHeader, bitsPerSample: number): Uint8Array | undefined {
    if (!this.#decode(frame, header, bitsPerSample)) return undefined
    const bytesPerSample = (bitsPerSample + 7) >>> 3
    const at = this.#wasm.interleave(bytesPerSample)
    return this.#bytes.subarray(at, at + header.blockSize * header.channels * bytesPerSample)
  }

  /**
   * The size in bytes of the frame that starts `bytes`, by its codes alone; -1 when no frame can begin like this;
   * 0 when it needs more bytes than there are. The CRC-16 is not looked at. Cost grows with the bytes walked, not with samples.
   * @param bitsPerSample - `header.bitsPerSample`, or what STREAMINFO says where that is 0
   */
  measure(bytes: Uint8Array, header: FlacFrameHeader, bitsPerSample: number): number {
    this.#load(bytes, 0, 0)
    const { headerBytes, blockSize, channels, channelAssignment } = header
    return this.#wasm.measure(bytes.length, headerBytes, blockSize, channels, channelAssignment, bitsPerSample)
  }

  #decode(frame: Uint8Array, header: FlacFrameHeader, bitsPerSample: number): boolean {
    const { headerBytes, blockSize, channels, channelAssignment } = header
    this.#load(frame, blockSize, channels)
    return this.#wasm.decode(frame.length, headerBytes, blockSize, channels, channelAssignment, bitsPerSample) === 1
  }

  #load(bytes: Uint8Array, samples: number, channels: number): void {
    const at = this.#wasm.reserve(bytes.length, samples, channels)
    const { buffer } = this.#wasm.memory
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer)
    this.#bytes.set(bytes, at)
  }

  #planes<Plane>({ channels }: FlacFrameHeader, view: (at: number) => Plane): Plane[] {
    return Array.from({ length: channels }, (_, channel) => view(this.#wasm.planeAt(channel)))
  }
}
