import type { EpochMs } from '../../model.js'
import type { OpenSpanMeter } from '../levels/span-meter.js'

/** When sound is recorded. */
export interface TriggerSettings {
  /** A window of 100 ms is loud when its RMS over all channels is at least this, in dBFS. */
  readonly db: number
  /** How much audio before the first loud window is recorded, too, in seconds; it waits in memory. */
  readonly preRecordSeconds: number
  /** How much audio after the last loud window is recorded, in seconds. */
  readonly holdSeconds: number
  /** Measures what is not PCM, for the trigger alone: it sees all, files see only sound. Default: that is recorded whole. */
  readonly openMeter?: OpenSpanMeter
}

/** Sound began, and is recorded. */
export interface TriggerStart {
  /** Wall clock of the first loud window. */
  readonly at: EpochMs
  /** Wall clock of what is recorded, which begins before it. */
  readonly from: EpochMs
  /** RMS of that window, in dBFS. */
  readonly levelDb: number
}

/** Sound has ended, and what was held on. */
export interface TriggerEnd {
  /** Wall clock of the end of what is recorded. */
  readonly at: EpochMs
  /** How much was recorded, in seconds. */
  readonly seconds: number
}
