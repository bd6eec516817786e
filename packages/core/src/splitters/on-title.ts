import type { FrameSpan } from '../formats/frame-span.js'
import type { EpochMs } from '../model.js'
import { Splitter, type SplitPosition } from './splitter.js'

/**
 * Ends a file when the station announces another title. Neither the first title that comes in a file ends it, nor the same title
 * again, nor an empty one: many stations send that between songs.
 */
export class OnTitle extends Splitter {
  /** Title of the file that is open; undefined when none came yet. */
  #title?: string
  #startedAt: EpochMs = NaN
  /** The next file opens with `#title`, because it was cut for it. */
  #opening = false

  cut(_span: FrameSpan, { metadata, recording }: SplitPosition): number {
    if (recording.startedAt !== this.#startedAt) {
      this.#startedAt = recording.startedAt
      if (!this.#opening) this.#title = undefined
      this.#opening = false
    }
    const title = metadata?.title?.trim()
    if (!title || title === this.#title) return -1
    const first = this.#title === undefined || recording.durationSeconds === 0
    this.#title = title
    this.#opening = !first
    return first ? -1 : 0
  }
}
