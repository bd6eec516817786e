import type { PcmLayout, Recording } from '../../model.js'
import type { LevelBlock } from './levels.js'

/** Rate and channels of audio that is measured. */
export type MeasuredLayout = Pick<PcmLayout, 'sampleRateHz' | 'channels'>

/** Is told the levels of one recording while it is recorded. */
export interface LevelListener {
  /** The next windows. */
  push(block: LevelBlock): void
  /**
   * All windows were told.
   * @param recording - complete on disk; undefined when measuring broke off: then the windows are not all
   * @param samples - per channel, that were measured
   * @returns what has to be waited for before the recorder has ended
   */
  close(recording: Recording | undefined, samples: number): Promise<void> | undefined
}

/** Follows the levels of every file of a recorder. What it throws is told as a warning and never harms a recording. */
export interface LevelFollower {
  /** A file begins; undefined when this one is of no interest. */
  open(recording: Recording, layout: MeasuredLayout): LevelListener | undefined
}
