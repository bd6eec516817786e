import { ByteQueue } from '../../../bytes/byte-queue.js'
import type { ByteQuest } from '../../file-layout.js'
import { CAPTURE_PATTERN, pageLength, parsePage, type OggPage } from '../page.js'

/** Bytes read at a time: some pages. */
const CHUNK_BYTES = 1 << 15

/** A page and where it stands in the file. */
export interface FoundPage {
  /** The page; its checksum is right. */
  readonly page: OggPage
  /** Where it begins. */
  readonly byte: number
}

/** Goes through the pages of a part of a file, which may begin amid one. */
export class PageCursor {
  readonly #queue = new ByteQueue()
  readonly #endByte: number
  /** Where the first byte in the queue stands. */
  #byte: number

  constructor(startByte: number, endByte: number) {
    this.#byte = startByte
    this.#endByte = endByte
  }

  /** Everything before this byte was looked at. */
  get byte(): number {
    return this.#byte
  }

  /** The next whole page; undefined when none begins and ends before the end. */
  *next(): ByteQuest<FoundPage | undefined> {
    let more = true
    for (;;) {
      const found = this.#take(!more)
      if (found || !more) return found
      const startByte = this.#byte + this.#queue.length
      const bytes = yield { startByte, endByte: Math.min(this.#endByte, startByte + CHUNK_BYTES) }
      more = bytes.length > 0
      this.#queue.push(bytes)
    }
  }

  /** The first page in the queue; undefined when it takes more bytes, or with `final` when there is none. */
  #take(final: boolean): FoundPage | undefined {
    const bytes = this.#queue.bytes
    let offset = bytes.indexOf(CAPTURE_PATTERN[0])
    for (; offset >= 0; offset = bytes.indexOf(CAPTURE_PATTERN[0], offset + 1)) {
      const length = pageLength(bytes, offset)
      if (length < 0) continue
      if (length === 0 || offset + length > bytes.length) {
        if (final) continue
        this.#consume(offset)
        return undefined
      }
      const page = parsePage(bytes.subarray(offset, offset + length))
      if (!page) continue
      this.#consume(offset)
      const byte = this.#byte
      this.#consume(length)
      return { page, byte }
    }
    this.#consume(bytes.length)
    return undefined
  }

  #consume(count: number): void {
    this.#queue.consume(count)
    this.#byte += count
  }
}
