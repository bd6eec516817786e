import type { EpochMs } from '../../model.js'
import type { RandomAccess } from '../../storages/access/random-access.js'
import { LEVEL_WINDOW_MS, type LevelBlock } from '../levels/levels.js'
import { windowCount } from '../levels/window-start.js'
import { END_BYTES, entriesOf, FIRST_SUMMARY_TIER, HEAD_BYTES, parseEnd, parseHead, PyramidLayout } from './layout.js'
import { SECOND_WINDOWS, TIER_WINDOWS, type PyramidHead } from './layout.js'
import { CurveBuilder, type LevelCurve } from './level-curve.js'
import { readEntries, type EntryBlock } from './read-entries.js'
import { wholeSeconds } from './whole-seconds.js'

/** Reads a file of levels, at any zoom, complete or as far as it has grown. A torn tail does no harm: it is not looked at. */
export class PyramidReader {
  /** Sampling rate of the recording in Hz. */
  readonly sampleRateHz: number
  /** Number of channels. */
  readonly channels: number
  /** When the recording began, as far as was known when its file was created. */
  readonly startedAt: EpochMs
  /** Samples per channel of the whole recording; undefined while it grows, and when a crash has cut the levels off. */
  readonly samples: number | undefined
  /** Windows of 100 ms that can be read. */
  readonly windows: number
  readonly #access: RandomAccess
  readonly #layout: PyramidLayout

  /** Looks at head and end. @returns undefined when it is no file of levels of this version @throws {@link StorageError} */
  static async open(access: RandomAccess): Promise<PyramidReader | undefined> {
    const head = parseHead(await access.read(0, HEAD_BYTES))
    if (!head) return undefined
    const { sizeBytes } = access
    const samples = parseEnd(await access.read(sizeBytes - END_BYTES, sizeBytes), head, sizeBytes)
    if (samples !== undefined) return new PyramidReader(access, head, windowCount(samples, head.sampleRateHz), samples)
    const seconds = await wholeSeconds(access, new PyramidLayout(head.channels))
    return new PyramidReader(access, head, seconds * SECOND_WINDOWS, undefined)
  }

  private constructor(access: RandomAccess, head: PyramidHead, windows: number, samples: number | undefined) {
    this.#access = access
    this.#layout = new PyramidLayout(head.channels)
    this.sampleRateHz = head.sampleRateHz
    this.channels = head.channels
    this.startedAt = head.startedAt
    this.samples = samples
    this.windows = windows
  }

  /** How much audio was measured, in seconds. */
  get durationSeconds(): number {
    return this.samples === undefined ? (this.windows * LEVEL_WINDOW_MS) / 1000 : this.samples / this.sampleRateHz
  }

  /**
   * Levels for drawing.
   * @param fromSeconds - from the start of the recording
   * @param toSeconds - end; points beyond what was measured are NaN
   * @param points - how many
   * @throws {@link StorageError}
   */
  async levelsBetween(fromSeconds: number, toSeconds: number, points: number): Promise<LevelCurve> {
    const builder = new CurveBuilder(this.channels, fromSeconds, toSeconds, points)
    const tier = this.#tierFor((toSeconds - fromSeconds) / points)
    const startOf = (entry: number) => (entry * TIER_WINDOWS[tier] * LEVEL_WINDOW_MS) / 1000
    const from = Math.max(0, Math.floor(fromSeconds / startOf(1)))
    const to = Math.min(entriesOf(tier, this.windows), Math.ceil(toSeconds / startOf(1)))
    for await (const { first, count, rms, peak, low } of this.#entries(tier, from, to)) {
      for (let entry = 0; entry < count; entry++) {
        const at = entry * this.channels
        const part = (levels: Float32Array) => levels.subarray(at, at + this.channels)
        const end = Math.min(startOf(first + entry + 1), this.durationSeconds)
        builder.add(startOf(first + entry), end, part(rms), part(peak), part(low))
      }
    }
    return builder.finish()
  }

  /**
   * The windows `from` <= window < `to` in blocks, such as for a detector with other settings.
   * @throws {@link StorageError}
   */
  async *blocks(from = 0, to = Infinity): AsyncGenerator<LevelBlock, void, undefined> {
    for await (const { rms, peak } of this.#entries(0, from, Math.min(to, this.windows)))
      yield { channels: this.channels, rms, peak }
  }

  /** The coarsest tier with two entries for each point; summaries exist at the end alone. */
  #tierFor(pointSeconds: number): number {
    const most = this.samples === undefined ? FIRST_SUMMARY_TIER : TIER_WINDOWS.length
    let tier = 0
    while (tier + 1 < most && TIER_WINDOWS[tier + 1] * LEVEL_WINDOW_MS * 2 <= pointSeconds * 1000) tier++
    return tier
  }

  #entries(tier: number, from: number, to: number): AsyncGenerator<EntryBlock, void, undefined> {
    const { windows, channels } = this
    return readEntries(this.#access, this.#layout, { tier, from, to, windows, channels })
  }
}
