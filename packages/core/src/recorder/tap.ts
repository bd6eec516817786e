import type { FrameSpan } from '../formats/frame-span.js'
import type { HeaderCapture } from '../formats/header-capture.js'
import type { Recording } from '../model.js'

/** Sees the frames of one file while it is recorded. What it throws is reported and never harms the recording. */
export interface FileTap {
  /** Frames that went into the file, in order; hidden pre-roll is not among them. Synchronous and quick. */
  write(span: FrameSpan): void
  /** The file is complete on disk. */
  close(recording: Recording): void
}

/** Sees every file of a recorder while it is recorded, such as to measure levels. */
export interface RecordingTap {
  /**
   * A file begins; undefined when this one is of no interest.
   * @param header - what is known of the stream
   */
  open(recording: Recording, header: HeaderCapture): FileTap | undefined
}
