import { concatBytes } from '../../bytes/concat.js'
import { DetectingFramer } from '../../formats/detecting-framer.js'
import type { Format } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { Chunk, MonotonicMs, StreamMetadata } from '../../model.js'

/** How much of what arrives is kept: longer than a stall takes to be noticed. */
const RING_SECONDS = 60
/** And no more than this, for lossless streams. */
const MOST_RING_BYTES = 16 * 1024 * 1024
/** @source RFC 3533 §6 */
const OGG_PAGE = 'OggS'

/** What arrived at one moment. */
interface Arrival {
  readonly bytes: Uint8Array
  readonly arrivedAtMs: MonotonicMs
  /** Metadata in force from its first byte on, whether it came with it or not. */
  readonly metadata?: StreamMetadata
}

/** The last minute of a connection that nobody records, and the codec headers without which it cannot be read. */
export class StandbyRing {
  readonly #framer: DetectingFramer
  #arrivals: Arrival[] = []
  /** Where the ring begins and ends, in bytes from the start of the connection. */
  #from = 0
  #to = 0
  /** Up to here frames are known. */
  #framed = 0
  #header?: HeaderCapture
  /** Heads of logical streams, and where the audio of each begins. The first is in force where the ring begins. */
  #heads: { readonly from: number; readonly bytes: Uint8Array }[] = []
  #metadata?: StreamMetadata
  #audioSeconds = 0

  /**
   * @param formats - that the stream may have
   * @param contentType - as declared
   */
  constructor(formats: readonly Format[], contentType: string) {
    const sink = {
      onSpan: (span: FrameSpan) => this.#take(span),
      onDiscard: (bytes: number) => void (this.#framed += bytes),
    }
    this.#framer = new DetectingFramer({ formats, contentType, sink })
  }

  /** Audio that came in so far, in seconds. */
  get audioSeconds(): number {
    return this.#audioSeconds
  }

  /** Takes what arrived. */
  push({ bytes, metadata }: Chunk, arrivedAtMs: MonotonicMs): void {
    this.#metadata = metadata ?? this.#metadata
    this.#arrivals.push({ bytes, arrivedAtMs, ...(this.#metadata && { metadata: this.#metadata }) })
    this.#to += bytes.length
    this.#framer.push(bytes)
    while (this.#arrivals.length > 1 && this.#isTooMuch(arrivedAtMs)) {
      this.#from += this.#arrivals[0].bytes.length
      this.#arrivals.shift()
    }
    while (this.#heads.length > 1 && this.#heads[1].from <= this.#from) this.#heads.shift()
  }

  /** What is kept, headers first, as chunks that arrived when they did. The ring is of no use afterwards. */
  replay(): Chunk[] {
    const arrivals = this.#arrivals
    this.#arrivals = []
    const head = this.#heads.find(({ from }) => from <= this.#from)
    const [first] = arrivals
    const chunks: Chunk[] = []
    if (head && head.bytes.length > 0 && first) chunks.push({ bytes: head.bytes, arrivedAtMs: first.arrivedAtMs })
    let told: StreamMetadata | undefined
    for (const { bytes, arrivedAtMs, metadata } of arrivals) {
      chunks.push({ bytes, arrivedAtMs, ...(metadata && metadata !== told && { metadata }) })
      told = metadata
    }
    return chunks
  }

  #isTooMuch(nowMs: MonotonicMs): boolean {
    const kept = this.#to - this.#from
    return nowMs - this.#arrivals[0].arrivedAtMs > RING_SECONDS * 1000 || kept > MOST_RING_BYTES
  }

  #take(span: FrameSpan): void {
    if (span.header !== this.#header) this.#begin(span)
    this.#framed += span.overheadBytes + span.bytes.length
    this.#audioSeconds += span.durationSeconds
  }

  /** What stands before the first frame of a logical stream is its head, but for the start of an Ogg page with that frame. */
  #begin(span: FrameSpan): void {
    this.#header = span.header
    let bytes = this.#between(this.#framed, this.#framed + span.overheadBytes)
    if (span.header.format === 'ogg')
      bytes = bytes.subarray(
        0,
        Math.max(0, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(OGG_PAGE)),
      )
    this.#heads.push({ from: this.#framed + bytes.length, bytes })
  }

  /** Bytes of the connection; what is not kept any more is missing. */
  #between(from: number, to: number): Uint8Array {
    const parts: Uint8Array[] = []
    let at = this.#from
    for (const { bytes } of this.#arrivals) {
      if (at + bytes.length > from && at < to) parts.push(bytes.subarray(Math.max(0, from - at), to - at))
      at += bytes.length
    }
    return Uint8Array.from(concatBytes(parts))
  }
}
