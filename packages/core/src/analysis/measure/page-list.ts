/** A page holds the levels of some minutes. */
const PAGE_BYTES = 1 << 16

/** Many small pieces of bytes, copied into few large pages: an array of its own for each second of a day would take three times the room. */
export class PageList {
  readonly #pages: Uint8Array[] = []
  #used = PAGE_BYTES

  /** All so far, in order; views that may be used until the next `push`. */
  get pages(): readonly Uint8Array[] {
    return this.#pages.map((page, index) => (index < this.#pages.length - 1 ? page : page.subarray(0, this.#used)))
  }

  /** Adds bytes at the end. */
  push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      if (this.#used === PAGE_BYTES) {
        this.#pages.push(new Uint8Array(PAGE_BYTES))
        this.#used = 0
      }
      const part = bytes.subarray(from, from + PAGE_BYTES - this.#used)
      this.#pages.at(-1)!.set(part, this.#used)
      this.#used += part.length
      from += part.length
    }
  }
}
