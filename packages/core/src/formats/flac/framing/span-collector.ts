import type { DiscardReason } from '../../../model.js'
import type { FramerSink } from '../../format.js'
import { IndexedSpan } from '../../frame-span.js'
import { nextFlacNumber, type FlacFrameHeader } from '../frame-header.js'
import { FlacHeader } from '../header.js'
import type { FlacStreamHead } from '../blocks/metadata-block.js'
import { fitsStreamInfo, streamInfoFromFrame, type FlacStreamInfo } from '../blocks/streaminfo.js'

/** A jump of the frame numbers over lost bytes is still the same stream up to this long. */
const MAX_LOSS_SECONDS = 10

/** Gathers frames that stand back to back into spans, and tells logical streams apart. Positions count from the start of the connection. */
export class SpanCollector {
  readonly #sink: FramerSink
  readonly #view: (start: number, end: number) => Uint8Array
  #header?: FlacHeader
  /** Number that the next frame of the stream carries; -1 when any may come. */
  #expected = -1
  #lostBytes = false
  /** The head of a stream that no frame has followed yet. */
  #head?: FlacStreamHead
  #headBytes = 0
  #start = 0
  #byteOffsets: number[] = [0]
  #sampleOffsets: number[] = [0]

  /**
   * @param view - the bytes between two positions, from the first frame that was not released yet on
   * @param header - the headers of the stream when it began before. Default it begins here
   */
  constructor(sink: FramerSink, view: (start: number, end: number) => Uint8Array, header?: FlacHeader) {
    this.#sink = sink
    this.#view = view
    this.#header = header
  }

  /** A new stream begins; the bytes of its head go with its first frame. */
  addHead(head: FlacStreamHead): void {
    this.release()
    this.#head = head
    this.#headBytes += head.sizeBytes
  }

  /**
   * A whole frame.
   * @param known - the STREAMINFO in force
   */
  addFrame(start: number, end: number, frame: FlacFrameHeader, known?: FlacStreamInfo): void {
    if (this.#head !== undefined || !this.#continues(frame)) {
      const header = this.#newHeader(frame, known)
      if (!header) return this.discard(end - start, 'sync')
      this.release()
      this.#header = header
      this.#head = undefined
    }
    if (this.#byteOffsets.length === 1) this.#start = start
    this.#byteOffsets.push(end - this.#start)
    this.#sampleOffsets.push(this.#sampleOffsets[this.#sampleOffsets.length - 1] + frame.blockSize)
    this.#expected = nextFlacNumber(frame)
    this.#lostBytes = false
  }

  /** Bytes of no frame. */
  discard(bytes: number, reason: DiscardReason): void {
    if (bytes <= 0) return
    this.release()
    this.#lostBytes = true
    this.#sink.onDiscard(bytes, reason)
  }

  /** Hands out what is gathered. */
  release(): void {
    const size = this.#byteOffsets[this.#byteOffsets.length - 1]
    if (size === 0 || this.#header === undefined) return
    const view = this.#view(this.#start, this.#start + size)
    const span = new IndexedSpan(this.#header, view, this.#byteOffsets, this.#sampleOffsets, this.#headBytes)
    this.#byteOffsets = [0]
    this.#sampleOffsets = [0]
    this.#headBytes = 0
    this.#sink.onSpan(span)
  }

  /** No frame will follow: a head without frames is lost. */
  finish(): void {
    this.release()
    if (this.#headBytes > 0) this.#sink.onDiscard(this.#headBytes, 'partial-frame')
    this.#headBytes = 0
  }

  /** A number that goes back, or on without a byte lost, is another encoder's. */
  #continues(frame: FlacFrameHeader): boolean {
    if (!this.#header?.fits(frame)) return false
    if (this.#expected < 0) return true
    const missing = frame.number - this.#expected
    if (missing === 0) return true
    const samples = missing * (frame.variableBlockSize ? 1 : this.#header.streamInfo.maxBlockSize)
    return this.#lostBytes && missing > 0 && samples <= MAX_LOSS_SECONDS * this.#header.info.sampleRateHz
  }

  #newHeader(frame: FlacFrameHeader, known?: FlacStreamInfo): FlacHeader | undefined {
    const { variableBlockSize } = frame
    const own = this.#head?.streamInfo
    const fixed = own !== undefined && own.minBlockSize === own.maxBlockSize
    const trusted = own !== undefined && fitsStreamInfo(frame, own) && (variableBlockSize || fixed)
    const streamInfo = trusted ? own : streamInfoFromFrame(frame, known)
    if (!streamInfo) return undefined
    const { blocks = [], comment } = this.#head ?? {}
    return new FlacHeader({ streamInfo, variableBlockSize, packets: blocks, ...(comment && { comment }) })
  }
}
