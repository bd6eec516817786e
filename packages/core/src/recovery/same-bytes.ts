import { ByteQueue } from '../bytes/byte-queue.js'

/** Compares two streams of bytes that come at different times: the remains as they are read, and what is made of them. */
export class SameBytes {
  readonly #old = new ByteQueue()
  #same = true
  #madeBytes = 0

  /** Whether all that was made so far stands in the remains at the same place. */
  get same(): boolean {
    return this.#same
  }

  /** Bytes made so far. */
  get madeBytes(): number {
    return this.#madeBytes
  }

  /** Bytes of the remains; always ahead of what is made of them. */
  read(bytes: Uint8Array): void {
    if (this.#same) this.#old.push(bytes)
  }

  /** Bytes that were made. */
  made(bytes: Uint8Array): void {
    this.#madeBytes += bytes.length
    if (!this.#same) return
    const old = this.#old.bytes
    if (old.length < bytes.length || Buffer.compare(old.subarray(0, bytes.length), bytes) !== 0) {
      this.#same = false
      this.#old.clear()
    } else this.#old.consume(bytes.length)
  }
}
