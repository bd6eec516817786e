import { restOf } from '../../bytes/byte-queue.js'
import { concatBytes } from '../../bytes/concat.js'

/** Chunks that may be needed again, without copying them while they are not. */
export class ReplayBuffer {
  #chunks: Uint8Array[] = []
  #length = 0

  /** Bytes kept. */
  get length(): number {
    return this.#length
  }

  /** Adds a chunk at the end. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#chunks.push(bytes)
    this.#length += bytes.length
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    let rest = Math.min(count, this.#length)
    this.#length -= rest
    let whole = 0
    while (rest > 0 && rest >= this.#chunks[whole].length) rest -= this.#chunks[whole++].length
    if (whole > 0) this.#chunks.splice(0, whole)
    if (rest > 0) this.#chunks[0] = restOf(this.#chunks[0].subarray(rest))
  }

  /** All bytes kept, in one piece. */
  get bytes(): Uint8Array {
    if (this.#chunks.length !== 1) this.#chunks = [concatBytes(this.#chunks)]
    return this.#chunks[0]
  }
}
