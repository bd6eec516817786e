import { sharedFlacDecoder } from '../../formats/flac/decode/shared-decoder.js'
import { parseFlacFrameHeader } from '../../formats/flac/frame-header.js'
import { buildPlainFrame } from '../../formats/flac/plain-frame.js'
import type { FlacStreamInfo } from '../../formats/flac/blocks/streaminfo.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import { MIN_BLOCK_SIZE } from './flac-numbering.js'

/** In a frame of some 100 kB ffmpeg finds no place to seek to. */
const MOST_PLAIN_SAMPLES = 4608

/**
 * Only the last block of a FLAC stream may have fewer than 16 samples. Where one would stand amid it, it is kept back and written
 * with the block behind it, as plain samples: the only frames that an export does not copy.
 * @source RFC 9639 §8.2
 */
export class ShortBlocks {
  readonly #streamInfo: FlacStreamInfo
  #held?: Uint8Array

  /** @param streamInfo - of the new file */
  constructor(streamInfo: FlacStreamInfo) {
    this.#streamInfo = streamInfo
  }

  /**
   * The frames of a span as they go into the file; undefined when they are the span's own.
   * @param isLast - whether they are of the last recording, whose last block may be as short as it is
   */
  pass(span: FrameSpan, isLast: boolean): readonly Uint8Array[] | undefined {
    const endsShort = !isLast && blockSizeOf(span.frame(span.frames - 1)) < MIN_BLOCK_SIZE
    if (!this.#held && !endsShort) return undefined
    const frames = Array.from({ length: span.frames }, (_, index) => span.frame(index))
    if (this.#held) frames.splice(0, 1, ...this.#merge(this.#held, frames[0]))
    this.#held = undefined
    const last = frames[frames.length - 1]
    if (!isLast && blockSizeOf(last) < MIN_BLOCK_SIZE) this.#held = frames.pop()
    return frames
  }

  /** Samples of the block that is kept back. */
  get heldSamples(): number {
    return this.#held ? blockSizeOf(this.#held) : 0
  }

  /** The block that is kept back, once nothing follows it. */
  rest(): readonly Uint8Array[] {
    const held = this.#held
    this.#held = undefined
    return held ? [held] : []
  }

  /** Two frames as one, or as several of a usual size. Frames that break the rules stay as they are. */
  #merge(first: Uint8Array, second: Uint8Array): Uint8Array[] {
    const one = this.#decode(first)
    const two = this.#decode(second)
    if (one?.length !== this.#streamInfo.channels || two?.length !== one.length) return [first, second]
    const planes = one.map((plane, channel) => Int32Array.from([...plane, ...two[channel]]))
    const samples = planes[0].length
    const frames = Math.ceil(samples / MOST_PLAIN_SAMPLES)
    return Array.from({ length: frames }, (_, index) => {
      const [from, to] = [index, index + 1].map((part) => Math.round((part * samples) / frames))
      const part = planes.map((plane) => plane.subarray(from, to))
      return buildPlainFrame(part, this.#streamInfo)
    })
  }

  #decode(frame: Uint8Array): Int32Array[] | undefined {
    const header = parseFlacFrameHeader(frame)
    const { bitsPerSample } = this.#streamInfo
    return (
      header &&
      sharedFlacDecoder()
        .decode(frame, header, bitsPerSample)
        ?.map((plane) => plane.slice())
    )
  }
}

function blockSizeOf(frame: Uint8Array): number {
  return parseFlacFrameHeader(frame)?.blockSize ?? MIN_BLOCK_SIZE
}
