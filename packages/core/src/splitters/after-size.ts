import type { FrameSpan } from '../formats/frame-span.js'
import { positive } from './positive.js'
import { Splitter, type SplitPosition } from './splitter.js'

/** Options of {@link AfterSize}. */
export interface AfterSizeOptions {
  /** Greatest size of a file in bytes. What the container adds to the last quarter of a second may come on top. */
  readonly bytes: number
}

/** Ends a file before the frame that would make it larger than `bytes`. A file has at least one frame. */
export class AfterSize extends Splitter {
  readonly #bytes: number

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` unless `bytes` is above 0 */
  constructor(options: AfterSizeOptions) {
    super()
    this.#bytes = positive('bytes', options.bytes)
  }

  cut(span: FrameSpan, position: SplitPosition): number {
    const room = this.#bytes - position.recording.sizeBytes
    if (span.bytes.length <= room) return -1
    const fits = framesWithin(span, room)
    if (fits > 0 || position.recording.durationSeconds > 0) return fits
    return span.frames > 1 ? 1 : -1
  }
}

/** How many whole frames of `span` are in its first `bytes` bytes. */
function framesWithin(span: FrameSpan, bytes: number): number {
  let low = 0
  let high = span.frames
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (span.byteOffset(middle) <= bytes) low = middle
    else high = middle - 1
  }
  return low
}
