/** Bytes of one seek point. */
const POINT_BYTES = 18
/** Room kept in every file: an hour gets a point every 16 seconds, a day one every 8.5 minutes. */
const POINTS = 240

/**
 * Collects seek points while a file is written. Room for all of them is reserved at the start as placeholders;
 * when it is full every other point goes and the distance doubles.
 * @source RFC 9639 §8.5
 */
export class SeekTable {
  /** Size of the block's body, in bytes. */
  static readonly sizeBytes = POINTS * POINT_BYTES
  readonly #samples: number[] = []
  readonly #offsets: number[] = []
  readonly #blockSizes: number[] = []
  #interval: number
  #next = 0

  /** @param sampleRateHz - the first distance is one second */
  constructor(sampleRateHz: number) {
    this.#interval = sampleRateHz
  }

  /**
   * Tells of every frame, in order.
   * @param sample - its first sample
   * @param offsetBytes - where it starts, from the first frame of the file
   */
  add(sample: number, offsetBytes: number, blockSize: number): void {
    if (sample < this.#next) return
    if (this.#samples.length === POINTS) this.#thin()
    if (sample < this.#next) return
    this.#samples.push(sample)
    this.#offsets.push(offsetBytes)
    this.#blockSizes.push(blockSize)
    this.#next = sample + this.#interval
  }

  /** The body of the block: points in order, then placeholders. */
  build(): Uint8Array {
    const bytes = new Uint8Array(SeekTable.sizeBytes)
    const view = new DataView(bytes.buffer)
    for (let index = 0; index < POINTS; index++) {
      const at = index * POINT_BYTES
      if (index < this.#samples.length) {
        view.setBigUint64(at, BigInt(this.#samples[index]))
        view.setBigUint64(at + 8, BigInt(this.#offsets[index]))
        view.setUint16(at + 16, this.#blockSizes[index])
      } else view.setBigUint64(at, 0xffff_ffff_ffff_ffffn)
    }
    return bytes
  }

  #thin(): void {
    this.#interval *= 2
    for (const list of [this.#samples, this.#offsets, this.#blockSizes]) {
      list.splice(0, list.length, ...list.filter((_, index) => index % 2 === 0))
    }
    this.#next = this.#samples[this.#samples.length - 1] + this.#interval
  }
}
