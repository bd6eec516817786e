import { createHash } from 'node:crypto'
import type { Patch } from '../../model.js'

/**
 * SHA-256 of a file's bytes after its header, as they will stand on disk. The last piece waits, because a muxer may still
 * patch it when it ends (the end-of-stream flag of an Ogg page), unless it says that it will not: nothing is ever read back.
 */
export class PayloadHash {
  readonly #hash = createHash('sha256')
  readonly #headerBytes: number
  readonly #holdsLast: boolean
  #held = new Uint8Array(0)
  #heldOffset: number

  /** @param holdsLast - the last piece may be patched. Default true */
  constructor(headerBytes: number, holdsLast = true) {
    this.#headerBytes = headerBytes
    this.#holdsLast = holdsLast
    this.#heldOffset = headerBytes
  }

  /** Adds the next piece of the file. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    if (!this.#holdsLast) {
      this.#hash.update(bytes)
      this.#heldOffset += bytes.length
      return
    }
    this.#hash.update(this.#held)
    this.#heldOffset += this.#held.length
    this.#held = bytes as Uint8Array<ArrayBuffer>
  }

  /** The sum in hex; `''` when a patch reaches further back than what is held. */
  finish(tail: Uint8Array, patches: readonly Patch[]): string {
    const end = new Uint8Array(this.#held.length + tail.length)
    end.set(this.#held)
    end.set(tail, this.#held.length)
    for (const { offsetBytes, bytes } of patches) {
      if (offsetBytes + bytes.length <= this.#headerBytes) continue
      if (offsetBytes < this.#heldOffset) return ''
      end.set(bytes, offsetBytes - this.#heldOffset)
    }
    return this.#hash.update(end).digest('hex')
  }
}

/** SHA-256 in hex of a file's header, as it will stand on disk. */
export function headerHash(head: Uint8Array, patches: readonly Patch[]): string {
  const patched = Uint8Array.from(head)
  for (const { offsetBytes, bytes } of patches) {
    if (offsetBytes < patched.length) patched.set(bytes.subarray(0, patched.length - offsetBytes), offsetBytes)
  }
  return createHash('sha256').update(patched).digest('hex')
}
