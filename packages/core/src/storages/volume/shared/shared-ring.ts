const ADDED = 0
const TAKEN = 1
const HEAD_BYTES = 64

/** Memory for a ring. @param entries - a power of two @param entryBytes - a multiple of eight */
export function ringMemory(entries: number, entryBytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + entries * entryBytes)
}

/** Entries of one size on their way from one thread to another, in shared memory: a message would cost more than what it is about. */
export class SharedRing {
  /** All of the ring, in words of 32 bits. */
  readonly words: Int32Array
  readonly #view: DataView
  readonly #entryBytes: number
  readonly #entries: number

  constructor(memory: SharedArrayBuffer, entryBytes: number) {
    this.words = new Int32Array(memory)
    this.#view = new DataView(memory)
    this.#entryBytes = entryBytes
    this.#entries = (memory.byteLength - HEAD_BYTES) / entryBytes
  }

  /** How many can be added. */
  get room(): number {
    return this.#entries - ((Atomics.load(this.words, ADDED) - Atomics.load(this.words, TAKEN)) | 0)
  }

  /** Whether there is any. */
  get isFilled(): boolean {
    return Atomics.load(this.words, ADDED) !== Atomics.load(this.words, TAKEN)
  }

  /**
   * Adds entries, for which there is room; they are seen at once or not at all.
   * @param fill - fills in one, at a byte of the ring
   * @returns where the last one stands, in bytes
   */
  add(count: number, fill: (view: DataView, at: number, index: number) => void): number {
    const added = Atomics.load(this.words, ADDED)
    let at = 0
    for (let index = 0; index < count; index++) {
      at = this.#place(added + index)
      fill(this.#view, at, index)
    }
    Atomics.store(this.words, ADDED, (added + count) | 0)
    return at
  }

  /** Takes what was added, at most `most`. @returns how many */
  take(read: (view: DataView, at: number) => void, most = Infinity): number {
    const taken = Atomics.load(this.words, TAKEN)
    const count = Math.min(most, (Atomics.load(this.words, ADDED) - taken) | 0)
    for (let index = 0; index < count; index++) read(this.#view, this.#place(taken + index))
    if (count > 0) Atomics.store(this.words, TAKEN, (taken + count) | 0)
    return count
  }

  #place(count: number): number {
    return HEAD_BYTES + (count & (this.#entries - 1)) * this.#entryBytes
  }
}
