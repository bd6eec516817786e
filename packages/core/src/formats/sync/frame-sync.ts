import { ByteQueue } from '../../bytes/byte-queue.js'
import { CERTAIN_FRAMES, countChain, findFrame, nextSync, type ChainView, type FrameGrammar } from './frame-chain.js'
import { contentEdge } from './frame-edge.js'
import type { DiscardReason } from '../../model.js'
import type { Framer, FramerSink } from '../format.js'
import { IndexedSpan } from '../frame-span.js'
import type { HeaderCapture } from '../header-capture.js'
import { SpanOffsets } from './span-offsets.js'
import { tagBytes, UNDECIDED } from './stream-tags.js'

/** All that a {@link SyncFramer} must know of a format. */
export interface SyncFormat extends FrameGrammar {
  /** Samples per channel of the frame at `at`, which is there as a whole. */
  samples(bytes: Uint8Array, at: number): number
  /** Whether the frame at `at`, there as a whole, holds facts about a file instead of audio. */
  isTagFrame(bytes: Uint8Array, at: number): boolean
  /**
   * A frame stands at `at`, nothing readable where it ends, at `next`, and frames again from `resumedAt` on: whether it is
   * whole all the same, because what lies between is a frame or frames with damaged headers, or was put between them.
   * Else bytes are missing or added inside it.
   */
  isWholeFrame(bytes: Uint8Array, at: number, next: number, resumedAt: number): boolean
  /** The facts of the stream whose first frame stands at `at`; another begins at `next`, unless the stream ends there. */
  capture(bytes: Uint8Array, at: number, next: number): HeaderCapture
}

/** A stream that was looked at before. */
export interface KnownSyncStream {
  /** What its spans carry. */
  readonly header: HeaderCapture
  /** What every frame of it has in common. */
  readonly identity: number
}

const NOTHING: Uint8Array = new Uint8Array(0)
/** How far to look for frames behind a doubtful one before judging it without them. */
const DOUBT_BYTES = 8192
/** Of the frames that are being found: one pass at a time, so one place for all streams. */
const offsets = new SpanOffsets()
type Verdict = 'confirmed' | 'refuted' | 'undecided'
const CONFIRMED: Verdict = 'confirmed'
const REFUTED: Verdict = 'refuted'

/**
 * Cuts a stream of self-synchronising frames. Without knowledge it wants a chain of headers (see {@link findFrame});
 * once locked it walks from header to header, and a frame goes out when a header, a tag or the end of the stream stands
 * where it ends. Payloads are never searched while locked. Looks ahead at most about eight frames.
 */
export class SyncFramer implements Framer {
  readonly #format: SyncFormat
  readonly #sink: FramerSink
  readonly #queue = new ByteQueue()
  /** What is searched; nothing between two chunks. */
  #bytes = NOTHING
  #at = 0
  #final = false
  /** Nothing but tags was seen. */
  #clean = true
  /** Looking for a chain; else at the end of a frame or tag, or at the very beginning. */
  #searching = false
  /** Where the search goes on, from `#at`. */
  #scanned = 0
  /** Length of the frame at `#at` that nothing confirmed; 0 when there is none. */
  #doubtfulBytes = 0
  /** Bytes of a tag still to be skipped. */
  #tagBytes = 0
  #identity = -1
  #header?: HeaderCapture
  #headerIdentity = -1

  /**
   * @param format - what to look for
   * @param sink - takes what is found
   * @param resumed - the stream that the first byte belongs to. Default unknown
   */
  constructor(format: SyncFormat, sink: FramerSink, resumed?: KnownSyncStream) {
    this.#format = format
    this.#sink = sink
    if (!resumed) return
    this.#header = resumed.header
    this.#headerIdentity = resumed.identity
    this.#identity = resumed.identity
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes)
    this.#run(false)
  }

  flush(): void {
    this.#run(true)
  }

  #run(final: boolean): void {
    this.#bytes = this.#queue.bytes
    this.#at = 0
    this.#final = final
    while (this.#step());
    this.#queue.consume(this.#at)
    this.#queue.compact()
    this.#bytes = NOTHING
  }

  /** @returns whether to go on; false when more bytes are needed or all are used */
  #step(): boolean {
    if (this.#at >= this.#bytes.length) return false
    if (this.#tagBytes > 0) return this.#skipTag()
    return this.#searching ? this.#search() : this.#walk()
  }

  /** Emits the confirmed frames from a boundary on. */
  #walk(): boolean {
    const format = this.#format
    const bytes = this.#bytes
    const start = this.#at
    offsets.begin()
    let verdict: Verdict = CONFIRMED
    let length = this.#lengthAt(start)
    let at = start
    while (length > 0) {
      const next = at + length
      const following = this.#lengthAt(next)
      verdict = following > 0 ? CONFIRMED : this.#judge(next)
      if (verdict !== CONFIRMED || format.isTagFrame(bytes, at)) break
      offsets.add(next - start, format.samples(bytes, at))
      at = next
      length = following
    }
    this.#emit(at)
    if (length === 0) return this.#atBoundary()
    if (verdict === CONFIRMED) return this.#discard(length, 'tag')
    if (verdict !== REFUTED) return false
    this.#searching = true
    this.#doubtfulBytes = length
    this.#scanned = 1
    return true
  }

  /** Length of a frame of the current stream at `at`; 0 when none stands there or too few bytes are there to tell. */
  #lengthAt(at: number): number {
    const bytes = this.#bytes
    if (at + this.#format.headerBytes > bytes.length) return 0
    const length = this.#format.frameBytes(bytes, at)
    return length > 0 && this.#format.identity(bytes, at) === this.#identity ? length : 0
  }

  /** Whether `at`, where no frame of the current stream begins, may still be the end of one. */
  #judge(at: number): Verdict {
    const bytes = this.#bytes
    if (at + this.#format.headerBytes > bytes.length) {
      if (!this.#final) return 'undecided'
      if (at >= bytes.length) return at === bytes.length ? CONFIRMED : REFUTED
      return bytes[at] === 0xff ? CONFIRMED : REFUTED
    }
    const tag = tagBytes(bytes, at, this.#final)
    if (tag > 0) return CONFIRMED
    const count = tag === UNDECIDED ? UNDECIDED : countChain(this.#view(), at, this.#format.chainFrames)
    if (count === UNDECIDED) return 'undecided'
    return count >= this.#format.chainFrames ? CONFIRMED : REFUTED
  }

  /** Where a frame or tag ended and no frame of the current stream follows. */
  #atBoundary(): boolean {
    const tag = tagBytes(this.#bytes, this.#at, this.#final)
    const short = this.#at + this.#format.headerBytes > this.#bytes.length
    if (tag === UNDECIDED || (short && !this.#final)) return false
    if (tag > 0) this.#tagBytes = tag
    else if (short) this.#discard(this.#bytes.length - this.#at, 'partial-frame')
    else this.#searching = true
    return true
  }

  /** Skips a tag as it streams. A tag that claims more than it has ends where frames certainly begin. */
  #skipTag(): boolean {
    const bytes = this.#bytes
    const view = this.#view()
    const end = Math.min(this.#at + this.#tagBytes, bytes.length)
    let at = nextSync(bytes, this.#at, end)
    let count = 0
    while (at < end) {
      count = countChain(view, at, CERTAIN_FRAMES, true)
      if (count === UNDECIDED || count === CERTAIN_FRAMES) break
      at = nextSync(bytes, at + 1, end)
    }
    this.#tagBytes -= at - this.#at
    if (count === CERTAIN_FRAMES && at < end) {
      this.#tagBytes = 0
      this.#searching = true
    }
    return this.#discard(at - this.#at, 'tag') && count !== UNDECIDED
  }

  /** Looks for a proven frame, and judges the doubtful one when one is found. */
  #search(): boolean {
    const start = this.#at
    const limit = this.#doubtfulBytes > 0 ? start + this.#doubtfulBytes + DOUBT_BYTES : Infinity
    const found = findFrame(this.#view(), start + this.#scanned, limit)
    if (found.proven || found.at >= limit || this.#final) {
      this.#settle(found.proven || !this.#final ? found.at : this.#bytes.length, found.proven)
      return true
    }
    this.#scanned = found.at - start
    if (this.#doubtfulBytes > 0 || this.#scanned === 0) return false
    this.#discard(this.#scanned, 'sync')
    this.#scanned = 0
    return false
  }

  /** The search came to `at`: what lies before it is a doubtful frame and bytes in which there is none. */
  #settle(at: number, proven: boolean): void {
    const next = this.#at + this.#doubtfulBytes
    const doubtful = this.#doubtfulBytes > 0
    this.#scanned = 0
    this.#doubtfulBytes = 0
    if (doubtful && next <= at && this.#isWhole(next, at, proven)) this.#emitDoubtful(next)
    const cutByTheEnd = doubtful && !proven && next > this.#bytes.length
    this.#discard(at - this.#at, cutByTheEnd ? 'partial-frame' : 'sync')
    if (!proven) return
    this.#searching = false
    this.#identity = this.#format.identity(this.#bytes, at)
  }

  /** Whether the frame from `#at` to `next` lost nothing, though no frame follows before `resumedAt`. */
  #isWhole(next: number, resumedAt: number, proven: boolean): boolean {
    if (resumedAt === next) return true
    const edge = contentEdge(this.#bytes, this.#at, next)
    if (edge !== 'unknown') return edge === 'clean'
    return proven && this.#format.isWholeFrame(this.#bytes, this.#at, next, resumedAt)
  }

  #emitDoubtful(next: number): void {
    const length = next - this.#at
    if (this.#format.isTagFrame(this.#bytes, this.#at)) this.#discard(length, 'tag')
    else {
      offsets.begin()
      offsets.add(length, this.#format.samples(this.#bytes, this.#at))
      this.#emit(next)
    }
  }

  /** The frames from `#at` to `end`, of which `offsets` knows. */
  #emit(end: number): void {
    const start = this.#at
    if (end === start) return
    const { bytes: byteOffsets, samples: sampleOffsets } = offsets
    if (!this.#header || this.#headerIdentity !== this.#identity) {
      this.#header = this.#format.capture(this.#bytes, start, start + byteOffsets[1])
      this.#headerIdentity = this.#identity
    }
    this.#at = end
    this.#clean = false
    this.#sink.onSpan(new IndexedSpan(this.#header, this.#bytes.subarray(start, end), byteOffsets, sampleOffsets))
  }

  /** @returns true, for a step that goes on */
  #discard(bytes: number, reason: DiscardReason): boolean {
    this.#at += bytes
    if (reason !== 'tag') this.#clean = false
    if (bytes > 0) this.#sink.onDiscard(bytes, reason)
    return true
  }

  #view(): ChainView {
    const cleanFrom = this.#clean ? this.#at : -1
    return { grammar: this.#format, bytes: this.#bytes, final: this.#final, knownIdentity: this.#identity, cleanFrom }
  }
}
