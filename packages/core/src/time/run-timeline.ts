/**
 * The time of every sample of a run. Long form: docs/design/time.md.
 *
 * Goals: names and boundaries tell when the audio happened, within a frame or so; time never jumps or runs backwards by itself;
 * network jitter does not move it; durations never come from here.
 * Assumptions: the monotonic clock runs true to some ten ppm and never steps; the wall clock may step at any moment; a source's
 * clock may be some hundred ppm off; a sample may arrive late by any time, but never before it was made.
 * So: wall(sample) = anchor + sample / rate + offset; the anchor (when sample 0 happened, monotonic) is the least of
 * arrival - sample / rate; it and the offset (wall - monotonic) are corrected by at most 500 ppm, except for true steps.
 * Rejected: arrival time as the time of audio (jitter; a burst on connect is seconds old); the wall clock at the first byte plus
 * samples (wrong by the burst, drifts 4 s a day at 50 ppm); the wall clock at each cut (a step cuts twice or never); a PLL or mean
 * of arrivals (moved by every stall); resampling to our clock (the audio is no longer what was sent).
 */
import type { EpochMs, MonotonicMs } from '../model.js'
import { ArrivalAnchor } from './timeline/arrival-anchor.js'
import type { Clock } from './clock.js'
import { MAX_SLEW, MOST_SLEW_MS } from './timeline/slew.js'
import { WallOffset } from './timeline/wall-offset.js'

export { SETTLE_MS } from './timeline/arrival-anchor.js'

/** A jump of a timeline, which is none of the audio. */
export interface TimeStep {
  /** How far time went forward; negative is backward. In milliseconds. */
  readonly byMs: number
  /** `clock`: the wall clock was set. `stream`: audio is missing in what the source sends, so all that follows is later. */
  readonly cause: 'clock' | 'stream'
}

/** What a {@link RunTimeline} needs. */
export interface RunTimelineOptions {
  /** Time. */
  readonly clock: Clock
  /** Samples per second; 1 to count in seconds. */
  readonly sampleRateHz: number
  /** `live`: learns from arrivals. `unpaced`: counts from its start alone. */
  readonly pace: 'live' | 'unpaced'
  /** Time of sample 0, when it is known because another timeline ends there. Default: now, and for `live` what the arrivals tell. */
  readonly startingAt?: EpochMs
  /** Told of each jump. Default nobody. */
  readonly onStep?: (step: TimeStep) => void
}

/** Tells when each sample of one run happened. Sample count and wall clock stay apart: one is counted, the other observed. */
export class RunTimeline {
  readonly #options: RunTimelineOptions
  readonly #msPerSample: number
  readonly #wall: WallOffset
  readonly #anchor: ArrivalAnchor
  /** Monotonic time of sample 0 as long as nothing arrived. */
  readonly #createdMs: MonotonicMs
  #positionMs = 0
  #steps = 0

  constructor(options: RunTimelineOptions) {
    const { clock, sampleRateHz, startingAt } = options
    this.#options = options
    this.#msPerSample = 1000 / sampleRateHz
    this.#wall = new WallOffset(clock)
    const knownMs = startingAt === undefined ? undefined : startingAt - this.#wall.ms
    this.#anchor = new ArrivalAnchor(knownMs)
    this.#createdMs = clock.monotonicMs()
  }

  /** Whether the time of the first sample is known: the burst on connect is over. Always true when unpaced. */
  get settled(): boolean {
    return this.#options.pace === 'unpaced' || this.#anchor.settled
  }

  /**
   * Measured rate of the source's clock against ours, in parts per million; positive when it makes more samples than it declares.
   * Undefined for the first minutes and when unpaced; good to about 5 ppm after an hour.
   */
  get driftPpm(): number | undefined {
    return this.#anchor.driftPpm
  }

  /** How often time has jumped. */
  get steps(): number {
    return this.#steps
  }

  /**
   * Tells that audio arrived. Call it once per chunk. Does nothing when unpaced.
   * @param arrivedAtMs - arrival of the chunk
   * @param totalSamples - samples of the run so far, those of the chunk included
   */
  observe(arrivedAtMs: MonotonicMs, totalSamples: number): void {
    if (this.#options.pace === 'unpaced') return
    const positionMs = totalSamples * this.#msPerSample
    // A share of the audio's own length: however long the pause, no sample gets a time before an earlier one.
    const budgetMs = Math.min(MOST_SLEW_MS, Math.max(0, positionMs - this.#positionMs) * MAX_SLEW)
    this.#positionMs = positionMs
    const before = this.#wall.ms
    this.#step(this.#wall.observe(budgetMs), 'clock')
    const restMs = Math.max(0, budgetMs - Math.abs(this.#wall.ms - before))
    this.#step(this.#anchor.observe(arrivedAtMs, positionMs, restMs), 'stream')
  }

  /** Wall clock of a sample of the run, a fraction of a millisecond included. */
  at(sample: number): EpochMs {
    return (this.#anchor.ms ?? this.#createdMs) + this.#wall.ms + sample * this.#msPerSample
  }

  #step(byMs: number, cause: TimeStep['cause']): void {
    if (byMs === 0) return
    this.#steps++
    this.#options.onStep?.({ byMs, cause })
  }
}
