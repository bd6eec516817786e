import { ByteQueue } from '../../bytes/byte-queue.js'
import type { DiscardReason } from '../../model.js'
import type { OggPage } from './page.js'
import { CAPTURE_PATTERN, pageLength, parsePage } from './page.js'

/** Takes what a {@link PageReader} finds, in stream order. */
export interface PageSink {
  /** A page whose checksum fits. Its views may be kept. */
  onPage(page: OggPage): void
  /** Bytes that are in no page. */
  onDiscard(bytes: number, reason: DiscardReason): void
}

/**
 * Bytes in, whole pages out. A page counts when its checksum fits; after damage it looks for the next capture pattern
 * right behind the bad one, so that a page inside a broken one is found. Holds at most one page.
 */
export class PageReader {
  readonly #sink: PageSink
  readonly #queue = new ByteQueue()
  /** No decision is possible before the queue is this long. */
  #needed = 1

  constructor(sink: PageSink) {
    this.#sink = sink
  }

  /** Takes bytes cut anywhere. */
  push(bytes: Uint8Array): void {
    this.#queue.push(bytes)
    if (this.#queue.length >= this.#needed) this.#read(false)
  }

  /** End of the bytes: whole pages behind a false start are found, the rest is discarded. */
  flush(): void {
    this.#read(true)
    this.#needed = 1
  }

  #read(ended: boolean): void {
    const bytes = this.#queue.bytes
    let offset = 0
    /** Bytes before it are settled: pages or discards. */
    let settled = 0
    /** First page that is not all there, when no more bytes will come. */
    let cutShort = -1
    for (;;) {
      offset = bytes.indexOf(CAPTURE_PATTERN[0], offset)
      if (offset < 0) offset = bytes.length
      const length = pageLength(bytes, offset)
      if (length === 0 || offset + length > bytes.length) {
        if (!ended) {
          this.#needed = Math.max(length, bytes.length - offset + 1)
          break
        }
        if (offset === bytes.length) break
        if (cutShort < 0) cutShort = offset
      } else if (length > 0) {
        const page = parsePage(bytes.subarray(offset, offset + length))
        if (page !== undefined) {
          this.#discard(offset - settled, 'sync')
          this.#sink.onPage(page)
          offset += length
          settled = offset
          cutShort = -1
          continue
        }
      }
      offset++
    }
    if (ended && cutShort >= 0) {
      this.#discard(cutShort - settled, 'sync')
      this.#discard(bytes.length - cutShort, 'partial-frame')
    } else {
      this.#discard(offset - settled, 'sync')
    }
    this.#queue.consume(ended ? bytes.length : offset)
  }

  #discard(bytes: number, reason: DiscardReason): void {
    if (bytes > 0) this.#sink.onDiscard(bytes, reason)
  }
}
