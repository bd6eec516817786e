import { ByteQueue } from '../bytes/byte-queue.js'
import type { Patch } from '../model.js'

const NOTHING = new Uint8Array(0)

/** Compares two streams of bytes that come at different times: the remains as they are read, and what is made of them. */
export class SameBytes {
  readonly #old = new ByteQueue()
  #oldHead: Uint8Array = NOTHING
  #newHead: Uint8Array = NOTHING
  #same = true
  #oldBytes = 0
  #newBytes = 0

  /** Bytes of the remains; always ahead of what is made of them. */
  read(bytes: Uint8Array): void {
    this.#oldBytes += bytes.length
    if (this.#same) this.#old.push(bytes)
  }

  /** Bytes that were made; the first are the head. */
  made(bytes: Uint8Array): void {
    const isHead = this.#newBytes === 0
    this.#newBytes += bytes.length
    if (!this.#same) return
    const old = this.#old.bytes.slice(0, bytes.length)
    this.#old.consume(bytes.length)
    if (isHead) {
      this.#oldHead = old
      this.#newHead = bytes
    } else if (Buffer.compare(old, bytes) !== 0) {
      this.#same = false
      this.#old.clear()
    }
  }

  /** Whether the remains are what was made of them, to the last byte, but for what `patches` write over in the head. */
  isSame(patches: readonly Patch[]): boolean {
    if (!this.#same || this.#oldBytes !== this.#newBytes || this.#oldHead.length !== this.#newHead.length) return false
    return Buffer.compare(patched(this.#oldHead, patches), patched(this.#newHead, patches)) === 0
  }
}

function patched(head: Uint8Array, patches: readonly Patch[]): Uint8Array {
  const result = Uint8Array.from(head)
  for (const { offsetBytes, bytes } of patches) {
    if (offsetBytes < result.length) result.set(bytes.subarray(0, result.length - offsetBytes), offsetBytes)
  }
  return result
}
