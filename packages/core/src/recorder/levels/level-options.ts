import type { LevelFollower } from '../../analysis/levels/follower.js'
import type { OpenSpanMeter } from './span-meter.js'

/** What is measured while it is recorded. */
export interface LevelOptions {
  /** Told the levels of every file. Without any, levels are measured only while somebody listens to `level`. @defaultValue none */
  readonly followers?: readonly LevelFollower[]
  /** Measures what is not PCM. @defaultValue in a `Recorder` decoders beside the recording; AAC has none */
  readonly openMeter?: OpenSpanMeter
}
