import { AdaptiveDetection } from './adaptive-detection.js'
import type { AdaptiveDetectorOptions, AdaptiveParameters } from './adaptive-options.js'
import { adaptiveParameters } from './adaptive-options.js'
import type { Detection, Detector } from './detector.js'

/**
 * What stands out from its own background, however loud that is: rain, wind and traffic raise the floor, not the number of sections.
 *
 * The score of a section is its peak over the floor in dB, but never more than its sharpest rise within half a second, each as far as
 * it is held for 0.3 s in all. So a bark outranks a gust or a far car, however loud they grow. A section that begins in the first half
 * second of a file is scored by its peak alone: it may be an event that a split cut in two, and how that began is in the file before.
 *
 * Each file is judged by itself, so the sections of a file do not depend on its neighbours. While a recording grows, `sections` are
 * those that it would have if it ended now. What lies more than `(floorSmoothingBlocks + 1) * floorBlockSeconds + minGapSeconds` (92 s)
 * before the end can not change any more, apart from a section that lasts still.
 */
export class AdaptiveDetector implements Detector {
  /** `adaptive` */
  readonly name = 'adaptive'
  /** 1 */
  readonly version = 1
  /** All of {@link AdaptiveDetectorOptions}, with their values. */
  readonly parameters: AdaptiveParameters

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for an option outside its range */
  constructor(options: AdaptiveDetectorOptions = {}) {
    this.parameters = adaptiveParameters(options)
  }

  /** Begins a recording. */
  start(): Detection {
    return new AdaptiveDetection(this.parameters)
  }
}
