import { concatBytes } from '../../../bytes/concat.js'
import type { BodyFraming, BodyState } from './body-framing.js'

const LF = 0x0a
const CR = 0x0d

/** Longest line with a chunk's size, extensions included. */
const MAX_LINE_BYTES = 4096
const SIZE_LINE = /^[ \t]*([0-9a-f]{1,16})[ \t]*(?:;.*)?\r?$/i

/**
 * Takes chunked transfer coding off. Lines may end in LF alone. When the very first line holds bytes that no text holds, the
 * header lied and the body is taken as it is.
 * @source RFC 9112 §7.1
 */
export class ChunkedFraming implements BodyFraming {
  /** Unfinished size line. */
  #line: number[] = []
  /** Body bytes left in this chunk; at 0 a size line follows. */
  #left = 0
  /** The line end behind a chunk's data is still to come. */
  #tail = false
  #first = true
  #lied = false
  #state: BodyState = 'open'

  get state(): BodyState {
    return this.#state
  }

  get mayEnd(): boolean {
    return this.#lied || this.#state === 'complete'
  }

  push(bytes: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = []
    let at = 0
    while (at < bytes.length && this.#state === 'open') {
      if (this.#lied) {
        parts.push(bytes.subarray(at))
        break
      }
      if (this.#left > 0) {
        const part = bytes.subarray(at, at + this.#left)
        parts.push(part)
        at += part.length
        this.#left -= part.length
        this.#tail = this.#left === 0
      } else if (this.#tail) {
        this.#takeTail(bytes[at++])
      } else {
        const raw = this.#takeLine(bytes[at++])
        if (raw) parts.push(raw)
      }
    }
    return concatBytes(parts)
  }

  #takeTail(byte: number): void {
    if (byte === LF) this.#tail = false
    else if (byte !== CR || this.#line.length > 0) this.#state = 'broken'
    this.#line = byte === CR ? [byte] : []
  }

  /** Gives bytes back when they turn out to be no size line but the body itself. */
  #takeLine(byte: number): Uint8Array | undefined {
    this.#line.push(byte)
    if (this.#first && (byte > 0x7e || (byte < 0x20 && byte !== CR && byte !== LF && byte !== 0x09))) {
      this.#lied = true
      return Uint8Array.from(this.#line)
    }
    if (byte === LF) this.#begin(String.fromCharCode(...this.#line.slice(0, -1)))
    else if (this.#line.length > MAX_LINE_BYTES) this.#state = 'broken'
    return undefined
  }

  #begin(line: string): void {
    const size = Number.parseInt(SIZE_LINE.exec(line)?.[1] ?? '', 16)
    this.#line = []
    this.#first = false
    // Trailers say nothing about audio: the last chunk ends the body.
    if (size === 0) this.#state = 'complete'
    else if (Number.isSafeInteger(size)) this.#left = size
    else this.#state = 'broken'
  }
}
