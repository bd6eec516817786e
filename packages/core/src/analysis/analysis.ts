import { setImmediate } from 'node:timers/promises'
import type { EpochMs } from '../model.js'
import type { Detection, Detector, Section, ThresholdStep } from './detectors/detector.js'
import { displayLevels } from './display-levels.js'
import { LEVEL_WINDOW_MS } from './levels/levels.js'
import type { Loudness } from './loudness/loudness.js'

/** Which detector found the sections of an {@link Analysis}, and how it was set. */
export type DetectorFacts = Pick<Detector, 'name' | 'version' | 'parameters'>

/** What happened in a recording. */
export interface Analysis {
  /** Length of its audio, in seconds. */
  readonly durationSeconds: number
  /** Number of channels. */
  readonly channels: number
  /** Sampling rate in Hz. */
  readonly sampleRateHz: number
  /** Wall clock of the first sample; absent when neither tags nor ledger tell. */
  readonly startedAt?: EpochMs
  /** Length of the windows that were measured, in milliseconds: 100. */
  readonly windowMs: number
  /** What found the sections. */
  readonly detector: DetectorFacts
  /** RMS for drawing: at most 800 points of equal length, each the loudest window of its stretch; linear, 1 is full scale. */
  readonly rmsDisplay: readonly number[]
  /** Loud stretches, in order of time. */
  readonly sections: readonly Section[]
  /** What made windows loud, in order of time: the line over a waveform. Absent when it was kept by a version that did not tell it. */
  readonly thresholds?: readonly ThresholdStep[]
  /** Loudness, when asked for. */
  readonly loudness?: Loudness
}

/** What is known of a recording before sections are looked for. */
export type AnalysisFacts = Pick<Analysis, 'durationSeconds' | 'channels' | 'sampleRateHz' | 'startedAt' | 'loudness'>

/** Windows between two turns of others: an hour. */
const TURN_WINDOWS = 36_000

/**
 * Finds the sections in levels that were measured.
 * @param rms - RMS over all channels of each window
 */
export async function analyzeLevels(facts: AnalysisFacts, rms: Float32Array, detector: Detector): Promise<Analysis> {
  const detection = detector.start()
  for (let from = 0; from < rms.length; from += TURN_WINDOWS) {
    detection.push(rms.subarray(from, from + TURN_WINDOWS))
    await setImmediate()
  }
  return analysisOf(facts, rms, detector, foundBy(detection))
}

/** What a detection found. */
export type Findings = Pick<Analysis, 'sections' | 'thresholds'>

/** The recording is whole: all that was found. */
export function foundBy(detection: Detection): Findings {
  const sections = detection.finish()
  return { sections, thresholds: detection.thresholds }
}

/** Puts together what was found. */
export function analysisOf(
  { durationSeconds, channels, sampleRateHz, startedAt, loudness }: AnalysisFacts,
  rms: Float32Array,
  { name, version, parameters }: DetectorFacts,
  { sections, thresholds }: Findings,
): Analysis {
  return {
    durationSeconds,
    channels,
    sampleRateHz,
    ...(startedAt !== undefined && { startedAt }),
    windowMs: LEVEL_WINDOW_MS,
    detector: { name, version, parameters },
    rmsDisplay: displayLevels(rms),
    sections,
    ...(thresholds && { thresholds }),
    ...(loudness && { loudness }),
  }
}
