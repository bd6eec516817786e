const SLAB_BYTES = 1 << 17
/** Longer ones get an allocation of their own. */
const MOST_SHARED_BYTES = SLAB_BYTES / 4

/**
 * Bytes for many small things: one allocation for all, where each of its own would cost more than what is written into it, and
 * bring the garbage collector. A slab lives as long as anything in it.
 */
export class Slab {
  #bytes: Uint8Array = new Uint8Array(0)
  #used = 0

  /** `length` zero bytes that nobody had before; right behind those given last, as long as there is room. */
  take(length: number): Uint8Array {
    if (length > MOST_SHARED_BYTES) return new Uint8Array(length)
    if (this.#used + length > this.#bytes.length) {
      this.#bytes = new Uint8Array(SLAB_BYTES)
      this.#used = 0
    }
    const start = this.#used
    this.#used += length
    return this.#bytes.subarray(start, this.#used)
  }
}

/** `parts` as one view, where they stand back to back in one slab; undefined where they do not. */
export function adjoining(parts: readonly Uint8Array[]): Uint8Array | undefined {
  const [first] = parts
  if (first === undefined) return undefined
  let end = first.byteOffset
  for (const part of parts) {
    if (part.buffer !== first.buffer || part.byteOffset !== end) return undefined
    end += part.length
  }
  return new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset)
}
