import { readSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OpenSlot } from './open-files.js'

/** A recording as it was asked for. */
interface Known {
  readonly slot: OpenSlot
  readonly name: string
  readonly etag: string
  /** Names and values in turn, those of the part last. */
  readonly headers: string[]
}

const MAX_BYTES = 64 * 1024
const MAX_KNOWN = 256
const MAX_URL = 2000
/** Parts are read one behind the other into a large buffer: it costs less to get than many small ones. */
const SLAB_BYTES = 256 * 1024
const ONE_PART = /^bytes=(\d{1,15})-(\d{1,15})$/

/**
 * Small parts of recordings that were asked for a moment ago, which is most of what players ask: answered in one go, with nothing made
 * anew that was made then. Everything that is not as simple goes the way of {@link answerFile}, which answers the same.
 */
export class SmallRanges {
  readonly #known = new Map<string, Known>()
  #slab = Buffer.alloc(0)
  #used = 0

  /**
   * A recording that does not grow was asked for.
   * @param url - as it was asked for
   * @param headers - names and values in turn, of any answer for it
   */
  remember(url: string, slot: OpenSlot, name: string, etag: string, headers: readonly string[]): void {
    if (url.length > MAX_URL || this.#known.get(url)?.slot === slot) return
    const [oldest] = this.#known.keys()
    if (this.#known.size >= MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest)
    const part = ['Content-Range', '', 'Content-Length', '']
    this.#known.set(url, { slot, name, etag, headers: [...headers, ...part] })
  }

  /** A recording has changed. */
  forget(name: string): void {
    for (const [url, known] of this.#known) if (known.name === name) this.#known.delete(url)
  }

  /** Whether a request for that URL may be answered here. */
  knows(url: string): boolean {
    const known = this.#known.get(url)
    if (!known) return false
    if (known.slot.isCurrent) return true
    this.#known.delete(url)
    return false
  }

  /** Answers with 206 if all is simple; false when nothing was done. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const known = this.#known.get(request.url ?? '')
    const { range, 'if-range': condition, 'if-none-match': tags, 'if-modified-since': since } = request.headers
    if (!known || range === undefined || tags !== undefined || since !== undefined) return false
    if (request.method !== 'GET' || (condition !== undefined && condition !== known.etag)) return false
    const asked = ONE_PART.exec(range)
    if (!asked) return false
    const { sizeBytes, fd } = known.slot
    const start = Number(asked[1])
    const end = Math.min(Number(asked[2]) + 1, sizeBytes)
    if (start >= end || end - start > MAX_BYTES) return false
    const bytes = this.#read(fd, start, end - start)
    if (!bytes) return false
    const { headers } = known
    // they are written before another request comes
    headers[headers.length - 3] = `bytes ${start}-${end - 1}/${sizeBytes}`
    headers[headers.length - 1] = String(end - start)
    response.writeHead(206, headers)
    response.end(bytes)
    return true
  }

  #read(fd: number, start: number, length: number): Buffer | undefined {
    if (this.#used + length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
      this.#used = 0
    }
    const at = this.#used
    try {
      if (readSync(fd, this.#slab, at, length, start) !== length) return undefined
    } catch {
      return undefined
    }
    this.#used = at + length
    return this.#slab.subarray(at, at + length)
  }
}
