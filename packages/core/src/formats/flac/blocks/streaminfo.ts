import { BitReader } from '../../../bytes/bit-reader.js'
import type { FlacFrameHeader } from '../frame-header.js'

/** Size of a STREAMINFO block without its block header, in bytes. */
export const STREAMINFO_BYTES = 34

/** What a STREAMINFO block says. Zero means unknown wherever the format allows it. */
export interface FlacStreamInfo {
  /** Smallest block in samples, the last one excluded, 16 to 65535. */
  readonly minBlockSize: number
  /** Largest block in samples, 16 to 65535. */
  readonly maxBlockSize: number
  /** Smallest frame in bytes; 0 when unknown. */
  readonly minFrameBytes: number
  /** Largest frame in bytes; 0 when unknown. */
  readonly maxFrameBytes: number
  /** Rate in Hz, 1 to 1048575. */
  readonly sampleRateHz: number
  /** Number of channels, 1 to 8. */
  readonly channels: number
  /** Bits per sample, 4 to 32. */
  readonly bitsPerSample: number
  /** Samples per channel; 0 when unknown. */
  readonly totalSamples: number
  /** MD5 of the decoded samples, 16 bytes; all zero when unknown. */
  readonly md5: Uint8Array
}

/**
 * Reads the STREAMINFO body at `offset`; undefined when it is cut short or cannot be true.
 * @source RFC 9639 §8.2
 */
export function parseFlacStreamInfo(bytes: Uint8Array, offset = 0): FlacStreamInfo | undefined {
  if (bytes.length - offset < STREAMINFO_BYTES) return undefined
  const reader = new BitReader(bytes, offset)
  const info = {
    minBlockSize: reader.read(16),
    maxBlockSize: reader.read(16),
    minFrameBytes: reader.read(24),
    maxFrameBytes: reader.read(24),
    sampleRateHz: reader.read(20),
    channels: reader.read(3) + 1,
    bitsPerSample: reader.read(5) + 1,
    totalSamples: reader.read(4) * 2 ** 32 + reader.read(32),
    md5: bytes.slice(offset + 18, offset + STREAMINFO_BYTES),
  }
  const sane = info.maxBlockSize >= 16 && info.minBlockSize <= info.maxBlockSize && info.sampleRateHz > 0
  return sane && info.bitsPerSample >= 4 ? info : undefined
}

/** The 34 bytes of a STREAMINFO body. */
export function buildFlacStreamInfo(info: FlacStreamInfo): Uint8Array {
  const bytes = new Uint8Array(STREAMINFO_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, info.minBlockSize)
  view.setUint16(2, info.maxBlockSize)
  view.setUint32(4, info.minFrameBytes * 256)
  view.setUint32(7, info.maxFrameBytes * 256)
  view.setUint32(10, info.sampleRateHz * 4096 + (info.channels - 1) * 512 + (info.bitsPerSample - 1) * 16)
  bytes[13] |= Math.floor(info.totalSamples / 2 ** 32) & 15
  view.setUint32(14, info.totalSamples % 2 ** 32)
  bytes.set(info.md5, 18)
  return bytes
}

/** Whether rate, channels, bits and block size of a frame are those of `streamInfo`, or left to it. */
export function fitsStreamInfo(frame: FlacFrameHeader, streamInfo: FlacStreamInfo): boolean {
  return (
    frame.channels === streamInfo.channels &&
    frame.blockSize <= streamInfo.maxBlockSize &&
    (frame.sampleRateHz === 0 || frame.sampleRateHz === streamInfo.sampleRateHz) &&
    (frame.bitsPerSample === 0 || frame.bitsPerSample === streamInfo.bitsPerSample)
  )
}

/**
 * A STREAMINFO for a stream whose own was never received, from its first frame.
 * @param known - says what the frame leaves to STREAMINFO
 * @returns undefined when neither says it
 */
export function streamInfoFromFrame(
  frame: FlacFrameHeader,
  known?: Pick<FlacStreamInfo, 'sampleRateHz' | 'bitsPerSample'>,
): FlacStreamInfo | undefined {
  const sampleRateHz = frame.sampleRateHz || known?.sampleRateHz
  const bitsPerSample = frame.bitsPerSample || known?.bitsPerSample
  if (!sampleRateHz || !bitsPerSample) return undefined
  return {
    minBlockSize: frame.variableBlockSize ? 16 : Math.max(16, frame.blockSize),
    maxBlockSize: frame.variableBlockSize ? 65535 : Math.max(16, frame.blockSize),
    minFrameBytes: 0,
    maxFrameBytes: 0,
    sampleRateHz,
    channels: frame.channels,
    bitsPerSample,
    totalSamples: 0,
    md5: new Uint8Array(16),
  }
}

/** Counts the frames of one file for its STREAMINFO. */
export class FlacTotals {
  readonly #variableBlockSize: boolean
  readonly #nominalBlockSize: number
  #minBlockSize = Infinity
  #maxBlockSize = 0
  #lastBlockSize = 0
  #minFrameBytes = Infinity
  #maxFrameBytes = 0
  #samples = 0

  /**
   * @param variableBlockSize - whether frames carry sample numbers
   * @param nominalBlockSize - the block size of a fixed-block-size stream; players multiply it by frame numbers
   */
  constructor(variableBlockSize: boolean, nominalBlockSize: number) {
    this.#variableBlockSize = variableBlockSize
    this.#nominalBlockSize = nominalBlockSize
  }

  /** Samples per channel so far: the number of the next frame's first sample. */
  get samples(): number {
    return this.#samples
  }

  /** Adds a frame as it is written. */
  add(blockSize: number, frameBytes: number): void {
    if (this.#lastBlockSize > 0) this.#minBlockSize = Math.min(this.#minBlockSize, this.#lastBlockSize)
    this.#lastBlockSize = blockSize
    this.#maxBlockSize = Math.max(this.#maxBlockSize, blockSize)
    this.#minFrameBytes = Math.min(this.#minFrameBytes, frameBytes)
    this.#maxFrameBytes = Math.max(this.#maxFrameBytes, frameBytes)
    this.#samples += blockSize
  }

  /** `base` with the totals of this file. The last block does not count for the smallest one. */
  complete(base: FlacStreamInfo, md5: Uint8Array): FlacStreamInfo {
    const maxBlockSize = this.#variableBlockSize
      ? Math.max(16, this.#maxBlockSize)
      : Math.max(16, this.#maxBlockSize, this.#nominalBlockSize)
    const minBlockSize = this.#variableBlockSize
      ? Math.max(16, Math.min(this.#minBlockSize, maxBlockSize))
      : maxBlockSize
    return {
      ...base,
      minBlockSize,
      maxBlockSize,
      minFrameBytes: Number.isFinite(this.#minFrameBytes) ? this.#minFrameBytes : 0,
      maxFrameBytes: this.#maxFrameBytes,
      totalSamples: this.#samples < 2 ** 36 ? this.#samples : 0,
      md5,
    }
  }
}
