import type { FrameSpan } from '../formats/frame-span.js'
import type { EpochMs, StreamMetadata } from '../model.js'

/** Where a span stands in its run and file. */
export interface SplitPosition {
  /** Wall clock of the first sample of the span, from the run's own timeline. */
  readonly at: EpochMs
  /** Transport metadata that came in force with the first frame of this span; absent when nothing changed. */
  readonly metadata?: StreamMetadata
  /** The file that is open, before this span. */
  readonly recording: {
    /** Wall clock of the file's first sample. */
    readonly startedAt: EpochMs
    /** Audio in the file so far, in seconds. */
    readonly durationSeconds: number
    /** Size of the file so far. */
    readonly sizeBytes: number
  }
}

/**
 * Decides where a file ends. No timers, no I/O; one instance serves one recorder and may keep state.
 * Extend it to make your own: one class, one method.
 */
export abstract class Splitter {
  /**
   * @returns index of the frame of `span` that opens the next file, or -1 to go on.
   *   0 ends the file before the span. The recorder asks again with the rest of the span.
   */
  abstract cut(span: FrameSpan, position: SplitPosition): number
}
