/** How the noise floor of a recording is found. */
export interface NoiseFloorRules {
  /** Windows in a block. */
  readonly blockWindows: number
  /** This part of a block's windows, in percent, is taken for background: the loudest of them is the floor of the block. */
  readonly percentile: number
  /** A block has the lowest floor of this many blocks before and after it, too. */
  readonly smoothingBlocks: number
  /** No floor is lower; linear RMS. */
  readonly lowestRms: number
}

/** Consecutive windows and the floor under them. */
export interface FlooredBlock {
  /** RMS of each window. */
  readonly rms: Float32Array
  /** The noise floor; linear RMS. */
  readonly floorRms: number
}

/**
 * A rolling noise floor: a low percentile of each block, then the minimum over the blocks around it. Nothing is known of a block's
 * floor until the blocks after it are: so windows go in, and come out later with their floor. Remembers the windows of
 * `smoothingBlocks + 1` blocks at most.
 */
export class NoiseFloor {
  readonly #rules: NoiseFloorRules
  /** Whole blocks that wait for those after them. */
  readonly #waiting: Float32Array[] = []
  /** Floors of whole blocks, the newest last: those of `#waiting` and of as many before them as can matter. */
  readonly #floors: number[] = []
  #block: Float32Array
  #filled = 0

  constructor(rules: NoiseFloorRules) {
    this.#rules = rules
    this.#block = new Float32Array(rules.blockWindows)
  }

  /** Takes windows; `onBlock` gets those whose floor cannot change any more, in order. */
  push(rms: Float32Array, onBlock: (block: FlooredBlock) => void): void {
    for (let from = 0; from < rms.length;) {
      const part = rms.subarray(from, from + this.#block.length - this.#filled)
      this.#block.set(part, this.#filled)
      this.#filled += part.length
      from += part.length
      if (this.#filled === this.#block.length) this.#completeBlock(onBlock)
    }
  }

  /** The windows that wait for more, with the floors they have when nothing follows. */
  *rest(): Generator<FlooredBlock> {
    const partial = this.#block.subarray(0, this.#filled)
    const floors = [...this.#floors]
    // a percentile of a few windows is an accident: it must not pull down the floor of a minute before it
    if (this.#filled * 2 >= this.#block.length || floors.length === 0) floors.push(this.#floorOf(partial))
    const first = this.#floors.length - this.#waiting.length
    for (const [index, rms] of this.#waiting.entries()) {
      yield { rms, floorRms: this.#smoothed(floors, first + index) }
    }
    if (this.#filled > 0) yield { rms: partial, floorRms: this.#smoothed(floors, this.#floors.length) }
  }

  #completeBlock(onBlock: (block: FlooredBlock) => void): void {
    const { smoothingBlocks, blockWindows } = this.#rules
    this.#floors.push(this.#floorOf(this.#block))
    this.#waiting.push(this.#block)
    this.#block = new Float32Array(blockWindows)
    this.#filled = 0
    if (this.#waiting.length <= smoothingBlocks) return
    const at = this.#floors.length - this.#waiting.length
    onBlock({ rms: this.#waiting.shift()!, floorRms: this.#smoothed(this.#floors, at) })
    if (at >= smoothingBlocks) this.#floors.shift()
  }

  /** Nearest rank: the lowest level that at least `percentile` of the windows do not exceed. */
  #floorOf(rms: Float32Array): number {
    if (rms.length === 0) return Infinity
    const rank = Math.ceil((this.#rules.percentile / 100) * rms.length)
    return rms.toSorted()[Math.max(0, rank - 1)]
  }

  #smoothed(floors: readonly number[], block: number): number {
    const { smoothingBlocks, lowestRms } = this.#rules
    const near = floors.slice(Math.max(0, block - smoothingBlocks), block + smoothingBlocks + 1)
    return Math.max(lowestRms, Math.min(...near))
  }
}
