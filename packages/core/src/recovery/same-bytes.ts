import type { Patch } from '../model.js'

const NOTHING = new Uint8Array(0)

/** Compares two streams of bytes that come at different times: the remains as they are read, and what is made of them. */
export class SameBytes {
  /** Read and not compared yet, from `#at` of the first on; never copied. */
  #waiting: Uint8Array[] = []
  #at = 0
  #oldHead: Uint8Array = NOTHING
  #newHead: Uint8Array = NOTHING
  #same = true
  #oldBytes = 0
  #newBytes = 0

  /** Bytes of the remains; always ahead of what is made of them. */
  read(bytes: Uint8Array): void {
    this.#oldBytes += bytes.length
    if (this.#same) this.#waiting.push(bytes)
  }

  /** Bytes that were made; the first are the head. */
  made(bytes: Uint8Array): void {
    const isHead = this.#newBytes === 0
    this.#newBytes += bytes.length
    if (!this.#same) return
    if (isHead) {
      this.#newHead = bytes
      this.#oldHead = new Uint8Array(bytes.length)
      const length = this.#take(bytes.length, (old, at) => {
        this.#oldHead.set(old, at)
        return true
      })
      this.#oldHead = this.#oldHead.subarray(0, length)
      return
    }
    const length = this.#take(bytes.length, (old, at) => Buffer.compare(old, bytes.subarray(at, at + old.length)) === 0)
    if (length === bytes.length) return
    this.#same = false
    this.#waiting = []
  }

  /** Whether everything behind the head is what was made, to the last byte. */
  get isSameAudio(): boolean {
    return this.#same && this.#oldBytes === this.#newBytes && this.#oldHead.length === this.#newHead.length
  }

  /** Whether the head is what was made, but for what `patches` write over. */
  isSameHead(patches: readonly Patch[]): boolean {
    return Buffer.compare(patched(this.#oldHead, patches), patched(this.#newHead, patches)) === 0
  }

  /** Hands the next `count` bytes to `use`, piece by piece, until it says no. @returns how many it took */
  #take(count: number, use: (old: Uint8Array, at: number) => boolean): number {
    let done = 0
    while (done < count && this.#waiting.length > 0) {
      const [first] = this.#waiting
      const piece = first.subarray(this.#at, this.#at + count - done)
      if (!use(piece, done)) return done
      done += piece.length
      this.#at += piece.length
      if (this.#at < first.length) continue
      this.#waiting.shift()
      this.#at = 0
    }
    return done
  }
}

function patched(head: Uint8Array, patches: readonly Patch[]): Uint8Array {
  const result = Uint8Array.from(head)
  for (const { offsetBytes, bytes } of patches) {
    if (offsetBytes < result.length) result.set(bytes.subarray(0, result.length - offsetBytes), offsetBytes)
  }
  return result
}
