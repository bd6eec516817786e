import type { FrameSpan } from '../formats/frame-span.js'
import { frameAfter } from './frame-after.js'
import { positive } from './positive.js'
import { Splitter, type SplitPosition } from './splitter.js'

/** Options of {@link AfterDuration}. */
export interface AfterDurationOptions {
  /** Least length of a file in seconds of audio. */
  readonly seconds: number
}

/** Ends files by their own length, whatever the clock says: each has at least `seconds` of audio and less than one frame more. */
export class AfterDuration extends Splitter {
  readonly #seconds: number

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` unless `seconds` is above 0 */
  constructor(options: AfterDurationOptions) {
    super()
    this.#seconds = positive('seconds', options.seconds)
  }

  cut(span: FrameSpan, position: SplitPosition): number {
    return frameAfter(span, (this.#seconds - position.recording.durationSeconds) * 1000)
  }
}
