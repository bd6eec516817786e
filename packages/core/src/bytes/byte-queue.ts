import { prepend } from './headroom.js'
import { Slab } from './slab.js'

const EMPTY: Uint8Array = new Uint8Array(0)

/** What is left holds a buffer of so many times its size no longer. */
const MOST_WASTE = 4

/** What is left of many queues. */
const rests = new Slab()

/**
 * What is left of a buffer, in memory of its own where the buffer is much larger and nothing more will stand behind it there: the rest of a frame
 * must not hold all that came with it until more comes.
 */
export function restOf(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = bytes
  if (length === 0) return EMPTY
  const isFull = byteOffset + length === buffer.byteLength
  if (!isFull || length * MOST_WASTE > buffer.byteLength) return bytes
  const rest = rests.take(length)
  rest.set(bytes)
  return rest
}

/**
 * Bytes waiting to be parsed, always in one piece. Copies each byte at most about twice, however small the chunks are;
 * a chunk pushed into an empty queue is not copied at all, nor one with headroom or one that
 * stands right behind the chunk before. Bytes once seen through `bytes` never change or move:
 * views into them may be kept.
 */
export class ByteQueue {
  #buffer: Uint8Array = EMPTY
  #start = 0
  #end = 0
  /** Whether the room behind `#end` is ours to write into. */
  #owned = false

  /** Unread bytes. */
  get length(): number {
    return this.#end - this.#start
  }

  /** All unread bytes as one view. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end)
  }

  /** Adds bytes at the end; the caller never mutates them afterwards. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    if (this.length === 0) {
      // a Buffer's slice() is a view where ours is a copy: nobody behind here may meet one
      this.#buffer = bytes instanceof Buffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes
      this.#start = 0
      this.#end = bytes.length
      this.#owned = false
      return
    }
    const whole = this.#extended(bytes) ?? prepend(this.bytes, bytes)
    if (whole) {
      this.#buffer = whole
      this.#start = 0
      this.#end = whole.length
      this.#owned = false
      return
    }
    if (!this.#owned || this.#end + bytes.length > this.#buffer.length) this.#grow(bytes.length)
    this.#buffer.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /** Drops the first `count` unread bytes. */
  consume(count: number): void {
    this.#start = Math.min(this.#end, this.#start + count)
  }

  /** Holds no more memory than what is left needs: for whoever waits for the next chunk now. */
  compact(): void {
    if (this.#owned) return
    const left = this.bytes
    const rest = restOf(left)
    if (rest === left) return
    this.#buffer = rest
    this.#start = 0
    this.#end = rest.length
  }

  /** Drops everything. */
  clear(): void {
    this.#start = this.#end
  }

  /** Bytes that stand right behind the unread ones, in the memory of whoever pushed both, belong to them already. */
  #extended(bytes: Uint8Array): Uint8Array | undefined {
    const { buffer, byteOffset } = this.#buffer
    if (this.#owned || bytes.buffer !== buffer || bytes.byteOffset !== byteOffset + this.#end) return undefined
    return new Uint8Array(buffer, byteOffset + this.#start, this.length + bytes.length)
  }

  /** A new buffer, because views into the old one may be kept. */
  #grow(extra: number): void {
    const unread = this.bytes
    this.#buffer = new Uint8Array(Math.max(1024, 2 * unread.length + extra))
    this.#buffer.set(unread)
    this.#start = 0
    this.#end = unread.length
    this.#owned = true
  }
}
