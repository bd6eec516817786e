import type { FrameSpan } from '../../formats/frame-span.js'
import type { EpochMs } from '../../model.js'

/** The end of what an earlier process has recorded of a source: what a run may go on from that begins after a restart. */
export interface EarlierAudio {
  /** Its last run with audio. */
  readonly run: string
  /** Wall clock of the end of its audio, as its files tell. */
  readonly endsAt: EpochMs
  /** Its last frames, oldest first, all of one logical stream: 30 s of them, where there are so many. */
  readonly frames: readonly FrameSpan[]
  /** Title in force at its end; absent when nobody knows. */
  readonly title?: string
}
