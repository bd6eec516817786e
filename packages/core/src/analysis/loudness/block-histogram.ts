/** Blocks below this are not heard as programme. @source ITU-R BS.1770-4 Annex 1 */
const ABSOLUTE_GATE_LUFS = -70
/** Floats may be louder than full scale. */
const TOP_LUFS = 50
/** Bins in each LU. */
const RESOLUTION = 100

/**
 * Energies of blocks above the absolute gate, in bins of 0.01 LU: constant memory, however long the recording. Each bin keeps its
 * exact sum, so that a mean is exact but for the one bin that a relative gate cuts.
 */
export class BlockHistogram {
  readonly #counts = new Uint32Array((TOP_LUFS - ABSOLUTE_GATE_LUFS) * RESOLUTION)
  readonly #energies = new Float64Array(this.#counts.length)
  #count = 0
  #energy = 0

  /** Counts a block; one below the absolute gate is forgotten. */
  add(energy: number): void {
    const bin = Math.floor((loudnessOf(energy) - ABSOLUTE_GATE_LUFS) * RESOLUTION)
    if (!(bin >= 0)) return
    const kept = Math.min(bin, this.#counts.length - 1)
    this.#counts[kept]++
    this.#energies[kept] += energy
    this.#count++
    this.#energy += energy
  }

  /** Loudness of the blocks above the relative gate, which is `belowLu` below that of all; undefined when there are none. */
  meanLufs(belowLu: number): number | undefined {
    let count = 0
    let energy = 0
    for (let bin = this.#gateBin(belowLu); bin < this.#counts.length; bin++) {
      count += this.#counts[bin]
      energy += this.#energies[bin]
    }
    return count === 0 ? undefined : loudnessOf(energy / count)
  }

  /** From the `low` to the `high` share of the blocks above the relative gate, in LU; undefined when there are none. */
  rangeLu(belowLu: number, low: number, high: number): number | undefined {
    const gate = this.#gateBin(belowLu)
    let count = 0
    for (let bin = gate; bin < this.#counts.length; bin++) count += this.#counts[bin]
    if (count === 0) return undefined
    const at = (share: number) => this.#percentile(gate, Math.round((count - 1) * share))
    return at(high) - at(low)
  }

  /** Loudness of the block with this rank from the gate on. */
  #percentile(gate: number, rank: number): number {
    let passed = 0
    let bin = gate
    while ((passed += this.#counts[bin]) <= rank) bin++
    return loudnessOf(this.#energies[bin] / this.#counts[bin])
  }

  /** The first bin above the gate; the one that the gate cuts belongs to the side on which its mean is. */
  #gateBin(belowLu: number): number {
    if (this.#count === 0) return this.#counts.length
    const gateLufs = loudnessOf(this.#energy / this.#count) - belowLu
    const bin = Math.max(0, Math.floor((gateLufs - ABSOLUTE_GATE_LUFS) * RESOLUTION))
    const isAbove = this.#counts[bin] > 0 && loudnessOf(this.#energies[bin] / this.#counts[bin]) > gateLufs
    return isAbove || gateLufs < ABSOLUTE_GATE_LUFS ? bin : bin + 1
  }
}

/** Mean square after K-weighting, summed over the channels, as loudness in LUFS. @source ITU-R BS.1770-4 Annex 1 */
export function loudnessOf(energy: number): number {
  return -0.691 + 10 * Math.log10(energy)
}
