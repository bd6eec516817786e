/** Places kept; when they are all taken, every second is given up. */
const MOST_PLACES = 1024
const TOC_ENTRIES = 100

/** Where the frames of a file stand, as coarse as its length demands: constant memory. */
export class SeekIndex {
  #offsets = new Float64Array(MOST_PLACES)
  #places = 0
  /** Frames from one place to the next. */
  #stride = 1
  #frames = 0
  #bytes: number

  /** @param startByte - where the first frame stands */
  constructor(startByte: number) {
    this.#bytes = startByte
  }

  /** Frames so far. */
  get frames(): number {
    return this.#frames
  }

  /** Where the next frame begins. */
  get bytes(): number {
    return this.#bytes
  }

  /** A frame of `lengthBytes` follows. */
  add(lengthBytes: number): void {
    if (this.#frames % this.#stride === 0) {
      if (this.#places === MOST_PLACES) this.#thin()
      if (this.#frames % this.#stride === 0) this.#offsets[this.#places++] = this.#bytes
    }
    this.#frames++
    this.#bytes += lengthBytes
  }

  /**
   * For each percent of the time the part of the bytes before it, in 256ths.
   * @source Xing VBR header, table of contents
   */
  toc(): Uint8Array {
    return Uint8Array.from({ length: TOC_ENTRIES }, (_, percent) => {
      const before = this.#offsetOf((percent * this.#frames) / TOC_ENTRIES)
      return Math.min(255, Math.floor((before * 256) / this.#bytes))
    })
  }

  /** Exact where a place stands, else between the places around it. */
  #offsetOf(frame: number): number {
    const wanted = Math.floor(frame)
    const place = Math.floor(wanted / this.#stride)
    if (place >= this.#places) return this.#bytes
    const from = place * this.#stride
    const isLast = place + 1 === this.#places
    const to = isLast ? this.#frames : from + this.#stride
    const toOffset = isLast ? this.#bytes : this.#offsets[place + 1]
    return this.#offsets[place] + ((wanted - from) / (to - from)) * (toOffset - this.#offsets[place])
  }

  #thin(): void {
    for (let place = 0; place < MOST_PLACES / 2; place++) this.#offsets[place] = this.#offsets[2 * place]
    this.#places = MOST_PLACES / 2
    this.#stride *= 2
  }
}
