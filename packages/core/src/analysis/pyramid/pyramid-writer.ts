import { concatBytes } from '../../bytes/concat.js'
import type { LevelBlock } from '../levels/levels.js'
import { windowStart } from '../levels/window-start.js'
import { encodeLevel } from './level-code.js'
import { encodeEnd, encodeHead, FIRST_SUMMARY_TIER, LAST_SECOND, SECOND_WINDOWS, TIER_WINDOWS } from './layout.js'
import { WHOLE_SECOND, type PyramidHead } from './layout.js'
import { TierSum } from './tier-sum.js'

/** Levels in, the bytes of a file of levels out: second after second while it grows, the summary and the end mark when it is complete. */
export class PyramidWriter {
  readonly #head: PyramidHead
  readonly #append: (bytes: Uint8Array) => void
  /** The open entry of each tier from one second on. */
  readonly #sums: readonly TierSum[]
  /** Codes of the windows of the open second. */
  #second: number[] = []
  /** Codes of each tier of the summary: 12 bytes for 10 s of stereo. */
  readonly #summary: number[][] = TIER_WINDOWS.slice(FIRST_SUMMARY_TIER).map(() => [])
  /** The latest window: how long it is, only the next one tells, or the end. */
  #latest?: { readonly rms: ArrayLike<number>; readonly peak: ArrayLike<number> }
  #windows = 0

  /**
   * @param head - what the file tells of the recording
   * @param append - takes what comes next of the file; the bytes are its own
   */
  constructor(head: PyramidHead, append: (bytes: Uint8Array) => void) {
    this.#head = head
    this.#append = append
    this.#sums = TIER_WINDOWS.slice(1).map(() => new TierSum(head.channels))
    append(encodeHead(head))
  }

  /** Takes the next windows. */
  push({ rms, peak }: LevelBlock): void {
    const { channels, sampleRateHz } = this.#head
    for (let at = 0; at < rms.length; at += channels) {
      this.#take(windowStart(this.#windows + 1, sampleRateHz))
      this.#latest = { rms: rms.subarray(at, at + channels), peak: peak.subarray(at, at + channels) }
    }
  }

  /**
   * The recording is complete.
   * @param samples - per channel, of all windows that were pushed
   */
  finish(samples: number): void {
    this.#take(samples)
    for (let tier = 1; tier < TIER_WINDOWS.length; tier++) this.#closeTier(tier)
    this.#append(concatBytes([codeBytes(this.#summary.flat()), encodeEnd(samples)]))
  }

  /** The latest window ends before sample `end`: it counts now. */
  #take(end: number): void {
    const window = this.#latest
    if (!window) return
    this.#latest = undefined
    const samples = end - windowStart(this.#windows, this.#head.sampleRateHz)
    const [sum] = this.#sums
    for (let channel = 0; channel < this.#head.channels; channel++) {
      const [rms, peak] = [window.rms[channel], window.peak[channel]]
      sum.add(channel, samples, rms, peak, rms)
      this.#second.push(encodeLevel(rms), encodeLevel(peak))
    }
    sum.advance(samples)
    this.#windows++
    for (let tier = 1; this.#windows % TIER_WINDOWS[tier] === 0; tier++) this.#closeTier(tier)
  }

  /** Writes the open entry of a tier, and adds it to the tier above. */
  #closeTier(tier: number): void {
    const sum = this.#sums[tier - 1]
    if (sum.weight === 0) return
    const entry: number[] = []
    for (let channel = 0; channel < this.#head.channels; channel++)
      entry.push(encodeLevel(sum.rms(channel)), encodeLevel(sum.peak(channel)), encodeLevel(sum.low(channel)))
    if (tier >= FIRST_SUMMARY_TIER) this.#summary[tier - FIRST_SUMMARY_TIER].push(...entry)
    else {
      const isWhole = this.#windows % SECOND_WINDOWS === 0
      this.#append(codeBytes([isWhole ? WHOLE_SECOND : LAST_SECOND, ...this.#second, ...entry]))
      this.#second = []
    }
    this.#sums.at(tier)?.merge(sum)
    sum.clear()
  }
}

/** Codes in the order of bytes on disk. */
function codeBytes(codes: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(codes.length * 2))
  for (const [index, code] of codes.entries()) view.setUint16(index * 2, code, true)
  return new Uint8Array(view.buffer)
}
