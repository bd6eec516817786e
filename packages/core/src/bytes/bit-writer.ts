/** Writes bits, most significant first. */
export class BitWriter {
  readonly #bytes: number[] = []
  #bits = 0

  /** Bits written so far. */
  get position(): number {
    return this.#bits
  }

  /** Adds the lowest `count` bits of `value`, 0 to 32. */
  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      if (this.#bits % 8 === 0) this.#bytes.push(0)
      this.#bytes[this.#bytes.length - 1] |= ((value >>> bit) & 1) << (7 - (this.#bits % 8))
      this.#bits++
    }
  }

  /** Adds zeros up to the next whole byte. */
  align(): void {
    this.write(0, (8 - (this.#bits % 8)) % 8)
  }

  /** What was written, filled up with zeros to a whole byte. */
  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}
