import type { EpochMs } from '../../model.js'
import { formatIso } from '../../time/strftime.js'
import type { Analysis } from '../analysis.js'
import type { Loudness } from '../loudness/loudness.js'

/**
 * An {@link Analysis} as `GET /api/analyze`, `isr analyze --json` and the files in `analyses` tell it. Times in seconds; levels linear,
 * 1 is full scale.
 */
export interface AnalysisJson {
  /** Length of the audio. */
  readonly duration: number
  /** Length of a window that was measured, in milliseconds. */
  readonly window_ms: number
  /** Level of the detector `threshold`; absent for others. */
  readonly threshold?: number
  /** Sections closer than this are one; absent for detectors that have no such rule. */
  readonly min_gap?: number
  /** Number of channels. */
  readonly channels: number
  /** Rate in Hz. */
  readonly sample_rate: number
  /** ISO 8601, UTC; absent when it is not known. */
  readonly started_at?: string
  /** What found the sections. */
  readonly detector: {
    /** Its name. */
    readonly name: string
    /** Its version. */
    readonly version: number
    /** How it was set. */
    readonly parameters: Readonly<Record<string, number>>
  }
  /** At most 800 points of equal length. */
  readonly rms_display: readonly number[]
  /** In order of time. */
  readonly sections: readonly AnalysisSectionJson[]
  /** What made windows loud, in order of time; absent in files of versions that did not tell it. */
  readonly thresholds?: readonly ThresholdStepJson[]
  /** When it was asked for. */
  readonly loudness?: Loudness
}

/** A threshold as {@link AnalysisJson} tells it. */
export interface ThresholdStepJson {
  /** From the start of the recording, in seconds; it holds until the next of these. */
  readonly start: number
  /** What the RMS of a window must reach; linear, 1 is full scale. */
  readonly rms: number
}

/** A section as {@link AnalysisJson} tells it. */
export interface AnalysisSectionJson {
  /** From the start of the recording, in seconds. */
  readonly start: number
  /** From the start of the recording, in seconds. */
  readonly end: number
  /** Highest RMS of a window in it. */
  readonly peak: number
  /** How much it matters, in dB. */
  readonly score: number
}

/** An analysis as it is told to other programs. */
export function analysisToJson(analysis: Analysis): AnalysisJson {
  const { durationSeconds, windowMs, channels, sampleRateHz, startedAt, detector, rmsDisplay, loudness } = analysis
  const { thresholds } = analysis
  const { thresholdRms, minGapSeconds } = detector.parameters
  return {
    duration: durationSeconds,
    window_ms: windowMs,
    ...(thresholdRms !== undefined && { threshold: thresholdRms }),
    ...(minGapSeconds !== undefined && { min_gap: minGapSeconds }),
    channels,
    sample_rate: sampleRateHz,
    ...(startedAt !== undefined && { started_at: formatIso(startedAt) }),
    detector,
    rms_display: rmsDisplay,
    sections: analysis.sections.map(({ startSeconds, endSeconds, peak, score }) => {
      return { start: startSeconds, end: endSeconds, peak, score }
    }),
    ...(thresholds && { thresholds: thresholds.map(({ startSeconds: start, rms }) => ({ start, rms })) }),
    ...(loudness && { loudness }),
  }
}

/** What {@link analysisToJson} made. */
export function analysisFromJson(json: AnalysisJson): Analysis {
  const startedAt: EpochMs = Date.parse(json.started_at ?? '')
  return {
    durationSeconds: json.duration,
    channels: json.channels,
    sampleRateHz: json.sample_rate,
    ...(Number.isFinite(startedAt) && { startedAt }),
    windowMs: json.window_ms,
    detector: json.detector,
    rmsDisplay: json.rms_display,
    sections: json.sections.map(({ start, end, peak, score }) => {
      return { startSeconds: start, endSeconds: end, peak, score }
    }),
    ...(json.thresholds && {
      thresholds: json.thresholds.map(({ start, rms }) => ({ startSeconds: start, rms })),
    }),
    ...(json.loudness && { loudness: json.loudness }),
  }
}
