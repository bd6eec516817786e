/** Reads bits of a buffer, most significant first. Past the end it gives zeros; ask `exhausted`. */
export class BitReader {
  readonly #bytes: Uint8Array
  readonly #endBit: number
  readonly #endByte: number
  #bit: number

  /**
   * @param startByte - where to begin
   * @param endByte - where to stop: bytes from here on read as zeros
   */
  constructor(bytes: Uint8Array, startByte = 0, endByte = bytes.length) {
    this.#bytes = bytes
    this.#bit = startByte * 8
    this.#endByte = Math.min(endByte, bytes.length)
    this.#endBit = this.#endByte * 8
  }

  /** Position in bits from the start of the buffer. */
  get position(): number {
    return this.#bit
  }

  /** Whether more bits were read than there are. */
  get exhausted(): boolean {
    return this.#bit > this.#endBit
  }

  /** The next `count` bits, 0 to 32, as an unsigned number. */
  read(count: number): number {
    let value = 0
    while (count > 0) {
      const offset = this.#bit & 7
      const take = Math.min(8 - offset, count)
      const index = this.#bit >>> 3
      const byte = index < this.#endByte ? this.#bytes[index] : 0
      value = value * 2 ** take + ((byte >>> (8 - offset - take)) & ((1 << take) - 1))
      this.#bit += take
      count -= take
    }
    return value
  }

  /** Moves on by `count` bits. */
  skip(count: number): void {
    this.#bit += count
  }
}
