import { advanceCrc16 } from '../../bytes/crc/crc16-advance.js'
import { ByteQueue } from '../../bytes/byte-queue.js'
import type { Framer, FramerSink } from '../format.js'
import { tagBytes, UNDECIDED } from '../sync/stream-tags.js'
import { FrameSearch, type Candidate } from './framing/frame-search.js'
import { SpanCollector } from './framing/span-collector.js'
import type { FlacHeader } from './header.js'
import type { FlacStreamInfo } from './blocks/streaminfo.js'
import { SyncScan, type SyncPoint } from './framing/sync-scan.js'

/** A tag that claims to be longer is not believed. */
const MAX_TAG_BYTES = 1 << 24

/**
 * Frames of native FLAC: with its head, chained, or joined mid-stream as Icecast's late listeners get it.
 * Every frame that goes out has a CRC-16 of 0.
 * @source RFC 9639 §9
 */
export class FlacFramer implements Framer {
  readonly #sink: FramerSink
  readonly #queue = new ByteQueue()
  readonly #search: FrameSearch
  readonly #spans: SpanCollector
  /** Position of the first unread byte, counted from the end of leading tags. */
  #base = 0
  /** Sync points are known up to here. */
  #scanned = 0
  /** Leading tags are behind us. */
  #begun: boolean
  /** Bytes of a leading tag still to come. */
  #tagRest = 0
  /** CRC-16 from some start, before every open candidate, up to `#crcAt`. */
  #crc = 0
  #crcAt = 0
  /** The last STREAMINFO received. */
  #known?: FlacStreamInfo

  /**
   * @param sink - takes what is found
   * @param resumed - the headers of the stream when the first byte stands amid it. Default it begins a connection
   */
  constructor(sink: FramerSink, resumed?: FlacHeader) {
    this.#sink = sink
    this.#begun = resumed !== undefined
    this.#known = resumed?.streamInfo
    const view = (start: number, end: number) => this.#queue.bytes.subarray(start - this.#base, end - this.#base)
    this.#spans = new SpanCollector(sink, view, resumed)
    this.#search = new FrameSearch(
      {
        onFrame: ({ at, frame, known }, end) => frame && this.#spans.addFrame(at, end, frame, known),
        onHead: ({ head }) => head && this.#spans.addHead(head),
        onNoise: (start, end, cut) => {
          const tag = tagBytes(view(start, end), 0, true) === end - start
          this.#spans.discard(end - start, cut ? 'partial-frame' : tag ? 'tag' : 'sync')
        },
      },
      view,
    )
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes)
    this.#run(false)
  }

  flush(): void {
    this.#run(true)
    this.#search.finish(this.#base + this.#queue.length)
    this.#spans.finish()
    this.#queue.clear()
  }

  #run(final: boolean): void {
    if (!this.#begun && !this.#skipTags(final)) return
    const scan = new SyncScan(this.#queue.bytes, this.#scanned - this.#base)
    for (;;) {
      const found = scan.next(this.#scanned - this.#base, final)
      if (typeof found === 'number') {
        this.#scanned = this.#base + found
        break
      }
      const candidate = this.#candidate(found, scan)
      this.#scanned = candidate.at + (found.head?.sizeBytes ?? 1)
      if (found.head ?? this.#known ?? (found.frame?.sampleRateHz && found.frame.bitsPerSample)) {
        this.#search.offer(candidate)
      }
    }
    if (final) return
    if (this.#search.waiting) this.#sumUp(this.#scanned, scan)
    this.#search.advance(this.#scanned)
    this.#spans.release()
    this.#queue.consume(this.#search.decided - this.#base)
    this.#base = this.#search.decided
  }

  /** Two places have the same key exactly when the CRC-16 between them is 0: it is the CRC up to there, taken back to a common point. */
  #candidate({ at, frame, head }: SyncPoint, scan: SyncScan): Candidate {
    const position = this.#base + at
    if (!this.#search.waiting) {
      this.#crc = 0
      this.#crcAt = position
    }
    this.#sumUp(position, scan)
    if (head) this.#known = head.streamInfo
    const key = advanceCrc16(this.#crc, -position)
    return {
      at: position,
      key,
      ...(frame && { frame }),
      ...(head && { head }),
      ...(this.#known && { known: this.#known }),
    }
  }

  #sumUp(position: number, scan: SyncScan): void {
    this.#crc = scan.crc16(this.#crcAt - this.#base, position - this.#base, this.#crc)
    this.#crcAt = position
  }

  /** Drops tags at the start of the connection; false when more bytes are needed to tell. */
  #skipTags(final: boolean): boolean {
    for (;;) {
      const skipped = Math.min(this.#tagRest, this.#queue.length)
      if (skipped > 0) this.#sink.onDiscard(skipped, 'tag')
      this.#queue.consume(skipped)
      this.#tagRest -= skipped
      if (this.#tagRest > 0) return final
      if (this.#queue.length === 0) return final
      const size = tagBytes(this.#queue.bytes, 0, final)
      if (size === UNDECIDED) return false
      this.#begun = size === 0 || size > MAX_TAG_BYTES
      if (this.#begun) return true
      this.#tagRest = size
    }
  }
}
