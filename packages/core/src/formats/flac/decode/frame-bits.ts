/** Zero bytes behind the frame, so that a 32-bit read at any of its bits stays inside. */
const PADDING_BYTES = 8

/** The bits of one frame, most significant first. Past the end it gives zeros; ask `exhausted`. Reused frame after frame. */
export class FrameBits {
  #bytes = new Uint8Array(0)
  /** The frame and its padding; entropy decoding reads it directly. */
  view = new DataView(this.#bytes.buffer)
  /** Position of the next bit. */
  bit = 0
  /** Where the frame ends. */
  endBit = 0

  /** Takes a frame, from byte `start` on. */
  load(frame: Uint8Array, start: number): void {
    const needed = frame.length + PADDING_BYTES
    if (this.#bytes.length < needed) {
      this.#bytes = new Uint8Array(needed + (needed >>> 1))
      this.view = new DataView(this.#bytes.buffer)
    }
    this.#bytes.set(frame)
    this.#bytes.fill(0, frame.length, needed)
    this.bit = start * 8
    this.endBit = frame.length * 8
  }

  /** Whether more bits were read than there are. */
  get exhausted(): boolean {
    return this.bit > this.endBit
  }

  /** The next `count` bits, 0 to 32, unsigned. */
  unsigned(count: number): number {
    if (count > 24) return this.unsigned(count - 16) * 65536 + this.unsigned(16)
    if (count === 0) return 0
    const at = this.bit
    this.bit += count
    if (this.bit > this.endBit) return 0
    return (this.view.getUint32(at >>> 3) << (at & 7)) >>> (32 - count)
  }

  /** The next `count` bits, 1 to 33, as two's complement. */
  signed(count: number): number {
    if (count > 32) return this.unsigned(1) * -(2 ** 32) + this.unsigned(32)
    const value = this.unsigned(count)
    return value >= 2 ** (count - 1) ? value - 2 ** count : value
  }

  /** How many zeros come before the next one; the one is read too. */
  unary(): number {
    const start = this.bit
    while (this.bit < this.endBit) {
      const window = this.view.getUint32(this.bit >>> 3) << (this.bit & 7)
      if (window !== 0) {
        this.bit += Math.clz32(window) + 1
        return this.bit - start - 1
      }
      this.bit += 32 - (this.bit & 7)
    }
    this.bit = this.endBit + 1
    return this.bit - start
  }
}
