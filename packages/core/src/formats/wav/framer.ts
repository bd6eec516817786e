import { ByteQueue } from '../../bytes/byte-queue.js'
import type { DiscardReason } from '../../model.js'
import type { Framer, FramerSink } from '../format.js'
import { UniformSpan } from '../frame-span.js'
import { MAX_FMT_BYTES, parseFmt } from './fmt-chunk.js'
import type { WavHeader } from './header.js'
import { blockAlignBytes } from './layout.js'
import {
  CHUNK_HEADER_BYTES,
  chunkBytes,
  findWaveHeader,
  fourCc,
  isBoundary,
  isKnownChunk,
  isRiffName,
  isWaveHeader,
  RIFF_HEADER_BYTES,
} from './riff.js'

const UNKNOWN_SIZE = 0xffffffff
/** Bytes that must be seen to tell a WAVE header or a chunk behind the audio: a pad byte and both headers. */
const LOOKAHEAD_BYTES = 1 + RIFF_HEADER_BYTES + CHUNK_HEADER_BYTES

/** Where in the samples a framer begins whose stream was read up to there before. */
export interface WavResume {
  /** The headers. */
  readonly header: WavHeader
  /** Audio bytes still to come by the stream's own word; Infinity when it gives none. */
  readonly dataBytes: number
  /** Whether a pad byte follows the audio. */
  readonly padded: boolean
}

/**
 * Samples of RIFF, RF64 and BW64 WAVE streams. Sizes are not believed where they cannot be true: a live stream says 0,
 * 0xFFFFFFFF or whatever, and its audio goes on to the end of the connection, or to the next WAVE header.
 * Samples that {@link parseFmt} refuses are discarded as `foreign`.
 * @source Multimedia Programming Interface and Data Specifications 1.0; EBU Tech 3306
 */
export class WavFramer implements Framer {
  readonly #sink: FramerSink
  readonly #queue = new ByteQueue()
  #state: 'search' | 'chunks' | 'data' | 'trailer' = 'search'
  /** Why bytes are dropped while a WAVE header is searched for. */
  #searchReason: DiscardReason = 'sync'
  #header?: WavHeader
  /** Header bytes received since the last samples; they go with the next ones. */
  #overheadBytes = 0
  /** Bytes of a chunk still to be passed over. */
  #skipBytes = 0
  /** Audio bytes still to come by the stream's own word; Infinity when it gives none. */
  #dataBytes = Infinity
  /** Whether a pad byte follows the audio. */
  #padded = false
  /** Size of the audio that `ds64` gave. */
  #longDataBytes?: number

  /**
   * @param sink - takes what is found
   * @param resume - when the first byte stands amid the samples. Default it begins a stream
   */
  constructor(sink: FramerSink, resume?: WavResume) {
    this.#sink = sink
    if (!resume) return
    this.#header = resume.header
    this.#dataBytes = resume.dataBytes
    this.#padded = resume.padded
    this.#state = 'data'
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes)
    while (this.#step(false));
  }

  flush(): void {
    while (this.#step(true));
    if (this.#overheadBytes > 0) this.#sink.onDiscard(this.#overheadBytes, 'partial-frame')
    this.#overheadBytes = 0
    this.#discard(this.#queue.length, this.#state === 'search' ? this.#searchReason : 'partial-frame')
  }

  /** One step on; false when more bytes are needed. */
  #step(final: boolean): boolean {
    if (this.#skipBytes > 0) return this.#skip()
    if (this.#state === 'search') return this.#searchHeader()
    if (this.#state === 'chunks') return this.#readChunk()
    if (this.#state === 'data') return this.#dataBytes === Infinity ? this.#readEndless(final) : this.#readData(final)
    return this.#readTrailer(final)
  }

  #skip(): boolean {
    const count = Math.min(this.#skipBytes, this.#queue.length)
    this.#skipBytes -= count
    if (this.#state === 'trailer') this.#discard(count, 'tag')
    else this.#takeOverhead(count)
    return count > 0
  }

  #searchHeader(): boolean {
    const at = findWaveHeader(this.#queue.bytes, 0)
    if (at < 0) {
      this.#discard(Math.max(0, this.#queue.length - RIFF_HEADER_BYTES + 1), this.#searchReason)
      return false
    }
    this.#discard(at, this.#searchReason)
    this.#takeOverhead(RIFF_HEADER_BYTES)
    this.#header = undefined
    this.#longDataBytes = undefined
    this.#searchReason = 'sync'
    this.#state = 'chunks'
    return true
  }

  #readChunk(): boolean {
    const bytes = this.#queue.bytes
    if (bytes.length < CHUNK_HEADER_BYTES) return false
    const name = fourCc(bytes, 0)
    const size = chunkBytes(bytes, 0)
    if (name === 'data') return this.#beginData(size)
    if (isRiffName(name)) {
      this.#state = 'search'
      return true
    }
    if (!/^[\x20-\x7e]{4}$/.test(name)) return this.#refuse('sync')
    if (name === 'fmt ' && size <= MAX_FMT_BYTES) {
      if (bytes.length < CHUNK_HEADER_BYTES + size) return false
      const header = parseFmt(bytes.slice(0, CHUNK_HEADER_BYTES + size))
      if (typeof header === 'string') return this.#refuse('foreign')
      this.#header = header
    }
    if (name === 'ds64' && size >= 16) {
      if (bytes.length < CHUNK_HEADER_BYTES + 16) return false
      const view = new DataView(bytes.buffer, bytes.byteOffset + CHUNK_HEADER_BYTES)
      this.#longDataBytes = view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32
    }
    this.#skipBytes = CHUNK_HEADER_BYTES + size + (size % 2)
    return true
  }

  #beginData(size: number): boolean {
    if (!this.#header) return this.#refuse('sync')
    this.#takeOverhead(CHUNK_HEADER_BYTES)
    const bytes = size === UNKNOWN_SIZE ? (this.#longDataBytes ?? 0) : size
    this.#dataBytes = bytes === 0 ? Infinity : bytes
    this.#padded = bytes % 2 === 1
    this.#state = 'data'
    return true
  }

  /** Gives up on this header; what was held of it counts as discarded. */
  #refuse(reason: DiscardReason): boolean {
    this.#sink.onDiscard(this.#overheadBytes, reason)
    this.#overheadBytes = 0
    this.#searchReason = reason
    this.#state = 'search'
    return true
  }

  /** Samples up to the size that was declared; behind it either a known chunk proves the size, or the size was a lie. */
  #readData(final: boolean): boolean {
    const emitted = this.#emit(Math.min(this.#queue.length, this.#dataBytes))
    this.#dataBytes -= emitted
    const bytes = this.#queue.bytes
    if (bytes.length < this.#dataBytes) return false
    if (!final && bytes.length < this.#dataBytes + LOOKAHEAD_BYTES) return false
    if (bytes.length === this.#dataBytes) return false
    const padding = [0, this.#padded ? 1 : 0].find((count) => isBoundary(bytes, this.#dataBytes + count))
    if (padding === undefined && !(this.#padded && bytes.length === this.#dataBytes + 1)) {
      this.#dataBytes = Infinity
      return true
    }
    this.#discard(this.#dataBytes, 'partial-frame')
    this.#state = 'trailer'
    this.#skipBytes = padding ?? 1
    return true
  }

  /** Samples to the end of the connection or the next WAVE header. */
  #readEndless(final: boolean): boolean {
    const bytes = this.#queue.bytes
    const next = this.#nextHeader(bytes)
    if (next >= 0 && isKnownChunk(bytes, next + RIFF_HEADER_BYTES)) {
      const emitted = this.#emit(next)
      this.#discard(next - emitted, 'partial-frame')
      this.#state = 'search'
      return true
    }
    this.#emit(final ? bytes.length : next >= 0 ? next : bytes.length - LOOKAHEAD_BYTES)
    return false
  }

  /** Where a WAVE header stands amid the audio, or may stand when more bytes have come; -1 for nowhere. */
  #nextHeader(bytes: Uint8Array): number {
    let at = findWaveHeader(bytes, 0)
    while (at >= 0 && at + RIFF_HEADER_BYTES + CHUNK_HEADER_BYTES <= bytes.length) {
      if (isKnownChunk(bytes, at + RIFF_HEADER_BYTES)) return at
      at = findWaveHeader(bytes, at + 1)
    }
    return at
  }

  /** Chunks behind the audio are passed over; a WAVE header begins a new stream. */
  #readTrailer(final: boolean): boolean {
    const bytes = this.#queue.bytes
    if (!final && bytes.length < LOOKAHEAD_BYTES) return false
    if (isWaveHeader(bytes, 0) || !isKnownChunk(bytes, 0)) this.#state = 'search'
    else if (fourCc(bytes, 0) === 'data') return this.#beginData(chunkBytes(bytes, 0))
    else this.#skipBytes = CHUNK_HEADER_BYTES + chunkBytes(bytes, 0) + (chunkBytes(bytes, 0) % 2)
    return true
  }

  /** Hands out the whole samples among the first `count` bytes. */
  #emit(count: number): number {
    if (!this.#header) return 0
    const blockAlign = blockAlignBytes(this.#header.layout)
    const whole = Math.floor(Math.max(0, count) / blockAlign) * blockAlign
    if (whole === 0) return 0
    const bytes = this.#queue.bytes.subarray(0, whole)
    const span = new UniformSpan(this.#header, bytes, blockAlign, 1, this.#overheadBytes)
    this.#overheadBytes = 0
    this.#queue.consume(whole)
    this.#sink.onSpan(span)
    return whole
  }

  #takeOverhead(count: number): void {
    this.#overheadBytes += count
    this.#queue.consume(count)
  }

  #discard(count: number, reason: DiscardReason): void {
    if (count <= 0) return
    this.#queue.consume(count)
    this.#sink.onDiscard(count, reason)
  }
}
