import { concatBytes } from '../../../bytes/concat.js'
import { Md5 } from '../../../bytes/md5.js'
import type { PcmEncoder } from '../../../encoders/encoder.js'
import { IsrError } from '../../../errors.js'
import type { EpochMs } from '../../../model.js'
import type { Muxer, MuxerContext, MuxerCounts, MuxerEnd } from '../../format.js'
import { IndexedSpan, type FrameSpan } from '../../frame-span.js'
import type { HeaderCapture } from '../../header-capture.js'
import { blockAlignBytes } from '../../wav/layout.js'
import { parseFlacFrameHeader } from '../frame-header.js'
import { FlacMuxer } from '../muxer.js'
import { EncodedFlacHeader } from './encoded-header.js'

const NONE = new Uint8Array(0)
const UNKNOWN_MD5 = new Uint8Array(16)

/**
 * One FLAC file made from PCM. The encoder says where its frames end, so each goes into the file as soon as it is there: at most
 * one block waits. From there on it is the FLAC of any stream, but for the MD5, which comes from the PCM itself.
 */
export class FlacEncodingMuxer implements Muxer {
  readonly patchesHeadOnly = true
  readonly #header: EncodedFlacHeader
  readonly #file: FlacMuxer
  readonly #encoder: PcmEncoder
  readonly #md5 = new Md5()
  /** Samples taken. */
  #samples = 0
  /** The encoder failed: what waited in it is lost, so the sum is not that of the file. */
  #failed = false

  /**
   * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` when `header` is not one of files made from PCM, `ISR_ENCODE_FAILED`
   */
  constructor(header: HeaderCapture, context: MuxerContext) {
    if (!(header instanceof EncodedFlacHeader)) {
      throw new IsrError(
        'ISR_ARGUMENT_INVALID',
        `header: a FLAC file made from PCM needs its header, not ${header.format}`,
      )
    }
    this.#header = header
    const digest = () => (this.#failed ? UNKNOWN_MD5 : this.#md5.digest())
    this.#file = new FlacMuxer(header, context, { add: () => undefined, digest })
    this.#encoder = header.encoding.open({ layout: header.layout, blockSize: header.streamInfo.maxBlockSize })
  }

  get counts(): MuxerCounts {
    const { counts } = this.#file
    const samples = this.#samples - counts.samples
    return samples === 0
      ? counts
      : { ...counts, held: { samples, bytes: samples * blockAlignBytes(this.#header.layout) } }
  }

  begin(): Uint8Array {
    return this.#file.begin()
  }

  mark(title: string): void {
    this.#file.mark(title, this.#samples)
  }

  retime(startedAt: EpochMs): void {
    this.#file.retime(startedAt)
  }

  write(span: FrameSpan): Uint8Array {
    const bytes = this.#write(() => this.#encoder.encode(span.bytes))
    this.#md5.update(span.bytes)
    this.#samples += span.samples
    return bytes
  }

  /** After a failure: the frames that are there. */
  end(): MuxerEnd {
    const bytes = this.#failed ? NONE : this.#write(() => this.#encoder.finish())
    const { tail, patches } = this.#file.end()
    return { tail: concatBytes([bytes, tail]), patches }
  }

  #write(encode: () => readonly Uint8Array[]): Uint8Array {
    try {
      const frames = encode()
      return frames.length === 0 ? NONE : this.#file.write(spanOf(this.#header, frames))
    } catch (error) {
      this.#failed = true
      this.#samples = this.#file.counts.samples
      throw error
    }
  }
}

function spanOf(header: EncodedFlacHeader, frames: readonly Uint8Array[]): FrameSpan {
  const byteOffsets = [0]
  const sampleOffsets = [0]
  for (const [index, frame] of frames.entries()) {
    const { blockSize = 0 } = parseFlacFrameHeader(frame) ?? {}
    if (blockSize === 0) throw new IsrError('ISR_ENCODE_FAILED', 'the encoder gave something that is no FLAC frame')
    byteOffsets.push(byteOffsets[index] + frame.length)
    sampleOffsets.push(sampleOffsets[index] + blockSize)
  }
  return new IndexedSpan(header, concatBytes(frames), byteOffsets, sampleOffsets)
}
