/** Reads bits as Vorbis packs them, least significant first. Past the end it gives zeros; ask `exhausted`. */
export class VorbisBits {
  readonly #bytes: Uint8Array
  #bit: number

  /** @param startByte - where to begin */
  constructor(bytes: Uint8Array, startByte: number) {
    this.#bytes = bytes
    this.#bit = startByte * 8
  }

  /** Whether more bits were read than there are. */
  get exhausted(): boolean {
    return this.#bit > this.#bytes.length * 8
  }

  /**
   * The next `count` bits, 0 to 32, as an unsigned number.
   * @source Vorbis I §2.1
   */
  read(count: number): number {
    let value = 0
    for (let got = 0; got < count;) {
      const offset = this.#bit & 7
      const take = Math.min(8 - offset, count - got)
      const byte = this.#bytes[Math.floor(this.#bit / 8)] ?? 0
      value += ((byte >>> offset) & ((1 << take) - 1)) * 2 ** got
      this.#bit += take
      got += take
    }
    return value
  }

  /** Moves on by `count` bits. */
  skip(count: number): void {
    this.#bit += count
  }
}

/** How many bits it takes to write `value`: 0 for 0, 3 for 7. @source Vorbis I §9.2.1 */
export function ilog(value: number): number {
  return 32 - Math.clz32(value)
}
