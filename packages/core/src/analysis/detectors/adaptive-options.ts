import { inRange } from './in-range.js'

/** Options of {@link AdaptiveDetector}. The defaults suit a microphone that listens to a place for hours. */
export interface AdaptiveDetectorOptions {
  /**
   * A window is loud when it lies this far above the noise floor, in dB, 1 to 100. Noise alone varies by a few dB; 12 dB is a sound
   * that one would notice. @defaultValue 12
   */
  readonly marginDb?: number
  /** Loud windows with less than this between them are one section, in seconds, 0 to 3600: the words of a sentence. @defaultValue 2 */
  readonly minGapSeconds?: number
  /** What is shorter after joining is none, in seconds, 0 to 3600: clicks and pops last a tenth. @defaultValue 0.5 */
  readonly minDurationSeconds?: number
  /**
   * Loud windows of a section must last this long in all, and its score is what it holds for so long: so a few pops that are joined
   * are no section, and a pop in a gust does not make the gust matter. In seconds, 0 to 60; 0 is one window. @defaultValue 0.3
   */
  readonly heldSeconds?: number
  /**
   * This part of each block counts as background, in percent, 1 to 100. Low, so that a block may be four fifths speech and the floor
   * is still that of the pauses. @defaultValue 20
   */
  readonly floorPercentile?: number
  /** Length of a block, in seconds, 1 to 3600: longer than what matters, shorter than weather. @defaultValue 30 */
  readonly floorBlockSeconds?: number
  /**
   * A block has the lowest floor of this many blocks on either side, 0 to 100 whole blocks: what lasts less than about that long is
   * an event, what lasts longer becomes the background. @defaultValue 2
   */
  readonly floorSmoothingBlocks?: number
  /** No floor is lower, in dBFS, -200 to 0: below lies the noise of the recording itself, which nobody wants to hear. @defaultValue -54 */
  readonly lowestFloorDb?: number
  /** The sharpest rise within this time bounds the score, in seconds, 0.1 to 60. @defaultValue 0.5 */
  readonly onsetSeconds?: number
}

/** Every option, with its value. */
export type AdaptiveParameters = Readonly<Required<AdaptiveDetectorOptions>> & Readonly<Record<string, number>>

/** Options with their defaults, each checked. @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for one outside its range */
export function adaptiveParameters(options: AdaptiveDetectorOptions): AdaptiveParameters {
  return {
    marginDb: inRange('marginDb', options.marginDb ?? 12, 1, 100),
    minGapSeconds: inRange('minGapSeconds', options.minGapSeconds ?? 2, 0, 3600),
    minDurationSeconds: inRange('minDurationSeconds', options.minDurationSeconds ?? 0.5, 0, 3600),
    heldSeconds: inRange('heldSeconds', options.heldSeconds ?? 0.3, 0, 60),
    floorPercentile: inRange('floorPercentile', options.floorPercentile ?? 20, 1, 100),
    floorBlockSeconds: inRange('floorBlockSeconds', options.floorBlockSeconds ?? 30, 1, 3600),
    floorSmoothingBlocks: Math.round(inRange('floorSmoothingBlocks', options.floorSmoothingBlocks ?? 2, 0, 100)),
    lowestFloorDb: inRange('lowestFloorDb', options.lowestFloorDb ?? -54, -200, 0),
    onsetSeconds: inRange('onsetSeconds', options.onsetSeconds ?? 0.5, 0.1, 60),
  }
}
