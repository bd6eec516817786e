import type { AdaptiveParameters } from './adaptive-options.js'
import { amplitude, decibels } from './decibels.js'
import type { Detection, Section, ThresholdStep } from './detector.js'
import type { FlooredBlock } from './noise-floor.js'
import { NoiseFloor } from './noise-floor.js'
import { Onset } from './onset.js'
import { SectionMerger } from './section-merger.js'
import { windowSeconds, windowsOf } from './windows.js'

/** One recording under the adaptive detector: what has its floor is decided for good, the rest is decided anew whenever it is asked for. */
export class AdaptiveDetection implements Detection {
  readonly #floor: NoiseFloor
  readonly #decided: Decisions

  constructor(options: AdaptiveParameters) {
    this.#floor = new NoiseFloor({
      blockWindows: windowsOf(options.floorBlockSeconds),
      percentile: options.floorPercentile,
      smoothingBlocks: options.floorSmoothingBlocks,
      lowestRms: amplitude(options.lowestFloorDb),
    })
    this.#decided = new Decisions(options)
  }

  push(rms: Float32Array): void {
    this.#floor.push(rms, (block) => this.#decided.add(block))
  }

  get sections(): readonly Section[] {
    return this.#soFar().finish()
  }

  get thresholds(): readonly ThresholdStep[] {
    return this.#soFar().thresholds
  }

  finish(): readonly Section[] {
    return this.sections
  }

  /** As if the recording ended here. */
  #soFar(): Decisions {
    const decisions = this.#decided.clone()
    for (const block of this.#floor.rest()) decisions.add(block)
    return decisions
  }
}

/** Blocks with their floors become sections. */
class Decisions {
  readonly thresholds: ThresholdStep[] = []
  readonly #options: AdaptiveParameters
  readonly #sections: Section[] = []
  #onset: Onset
  #merger: SectionMerger
  #window = 0

  constructor(options: AdaptiveParameters) {
    this.#options = options
    const { minGapSeconds, minDurationSeconds, heldSeconds, onsetSeconds } = options
    this.#onset = new Onset(windowsOf(onsetSeconds))
    this.#merger = new SectionMerger({
      minGapSeconds,
      minDurationSeconds,
      heldSeconds,
      // how an event began that was under way when the file began is not known
      score: ({ startSeconds, overDb, riseDb }) => (startSeconds < onsetSeconds ? overDb : Math.min(overDb, riseDb)),
    })
  }

  add({ rms, floorRms }: FlooredBlock): void {
    const thresholdRms = floorRms * amplitude(this.#options.marginDb)
    if (thresholdRms !== this.thresholds.at(-1)?.rms) {
      this.thresholds.push({ startSeconds: windowSeconds(this.#window), rms: thresholdRms })
    }
    this.#window += rms.length
    for (const level of rms) {
      const rise = this.#onset.push(level, floorRms)
      const loud = level >= thresholdRms
      const scored = loud ? { rms: level, overDb: decibels(level / floorRms), riseDb: decibels(rise) } : undefined
      const complete = this.#merger.push(scored)
      if (complete) this.#sections.push(complete)
    }
  }

  finish(): readonly Section[] {
    const open = this.#merger.finish()
    if (open) this.#sections.push(open)
    return this.#sections
  }

  clone(): Decisions {
    const twin = new Decisions(this.#options)
    twin.thresholds.push(...this.thresholds)
    twin.#sections.push(...this.#sections)
    twin.#onset = this.#onset.clone()
    twin.#merger = this.#merger.clone()
    twin.#window = this.#window
    return twin
  }
}
