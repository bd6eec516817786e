import { decibels } from './decibels.js'
import type { Detection, Detector, Section, ThresholdStep } from './detector.js'
import { inRange } from './in-range.js'
import { SectionMerger } from './section-merger.js'

/** Options of {@link ThresholdDetector}. */
export interface ThresholdDetectorOptions {
  /** A window is loud when its RMS is above this; linear, 1 is full scale, 0 to 1. @defaultValue 0.05, which is -26 dBFS */
  readonly thresholdRms?: number
  /** Loud windows with less than this between them are one section, in seconds, 0 to 3600. @defaultValue 2 */
  readonly minGapSeconds?: number
}

/**
 * What is above a fixed level, joined when closer than a gap. Nothing is too short to be a section, and its score is its peak in dBFS.
 * Right where the background never changes; elsewhere the {@link AdaptiveDetector} finds more, and less that is none.
 */
export class ThresholdDetector implements Detector {
  /** `threshold` */
  readonly name = 'threshold'
  /** 1 */
  readonly version = 1
  /** `thresholdRms` and `minGapSeconds`. */
  readonly parameters: Readonly<Required<ThresholdDetectorOptions> & Record<string, number>>

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for an option outside its range */
  constructor(options: ThresholdDetectorOptions = {}) {
    const { thresholdRms = 0.05, minGapSeconds = 2 } = options
    this.parameters = {
      thresholdRms: inRange('thresholdRms', thresholdRms, 0, 1),
      minGapSeconds: inRange('minGapSeconds', minGapSeconds, 0, 3600),
    }
  }

  /** Begins a recording. */
  start(): Detection {
    const { thresholdRms, minGapSeconds } = this.parameters
    return new ThresholdDetection(thresholdRms, minGapSeconds)
  }
}

class ThresholdDetection implements Detection {
  readonly thresholds: readonly ThresholdStep[]
  readonly #thresholdRms: number
  readonly #complete: Section[] = []
  readonly #merger: SectionMerger

  constructor(thresholdRms: number, minGapSeconds: number) {
    this.thresholds = [{ startSeconds: 0, rms: thresholdRms }]
    this.#thresholdRms = thresholdRms
    this.#merger = new SectionMerger({
      minGapSeconds,
      minDurationSeconds: 0,
      heldSeconds: 0,
      score: ({ overDb }) => overDb,
    })
  }

  push(rms: Float32Array): void {
    for (const level of rms) {
      const loud = level > this.#thresholdRms ? { rms: level, overDb: decibels(level), riseDb: 0 } : undefined
      const complete = this.#merger.push(loud)
      if (complete) this.#complete.push(complete)
    }
  }

  get sections(): readonly Section[] {
    const open = this.#merger.clone().finish()
    return open ? [...this.#complete, open] : [...this.#complete]
  }

  finish(): readonly Section[] {
    return this.sections
  }
}
