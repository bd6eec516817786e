import type { Recording } from '../model.js'
import { analysisOf, foundBy, type Analysis } from './analysis.js'
import type { Detector } from './detectors/detector.js'
import type { LevelFollower, LevelListener, MeasuredLayout } from './levels/follower.js'

import { RmsList } from './measure/rms-list.js'
import { storedRms } from './pyramid/stored-rms.js'

/** Told how the analysis of a recording ended. */
export interface AnalysisObserver {
  /** A file is measured. */
  onBegin(name: string): void
  /**
   * A file is closed.
   * @param recording - complete on disk; undefined when measuring broke off
   * @param analysis - of it; undefined when measuring broke off
   */
  onEnd(name: string, recording: Recording | undefined, analysis: Analysis | undefined): Promise<void> | undefined
}

/** Analyses recordings while they are recorded: when a file is closed, its analysis is there. */
export class AnalysisFollower implements LevelFollower {
  readonly #detector: Detector
  readonly #observer: AnalysisObserver

  constructor(detector: Detector, observer: AnalysisObserver) {
    this.#detector = detector
    this.#observer = observer
  }

  open({ name }: Recording, { sampleRateHz, channels }: MeasuredLayout): LevelListener {
    const detection = this.#detector.start()
    const rms = new RmsList()
    this.#observer.onBegin(name)
    return {
      push(block) {
        const overall = storedRms(block)
        rms.push(overall)
        detection.push(overall)
      },
      close: (recording, samples) => {
        const isWhole = recording && recording.closedBy !== 'error' && samples > 0
        if (!isWhole) return this.#observer.onEnd(name, recording, undefined)
        const facts = {
          durationSeconds: samples / sampleRateHz,
          channels,
          sampleRateHz,
          startedAt: Math.round(recording.startedAt),
        }
        return this.#observer.onEnd(name, recording, analysisOf(facts, rms.values, this.#detector, foundBy(detection)))
      },
    }
  }
}
