import type { FrameSpan } from '../../formats/frame-span.js'
import type { EpochMs } from '../../model.js'
import { AudioLength } from './audio-length.js'

/** Audio that was received and not recorded because nothing was to be heard in it. */
export interface Quiet {
  /** Received bytes. */
  readonly bytes: number
  /** Its length, from sample counts. */
  readonly seconds: number
  /** Wall clock of its first sample. */
  readonly from: EpochMs
  /** Wall clock of its end. */
  readonly to: EpochMs
}

/** Adds up frames that are not recorded, until the next one is. */
export class QuietStretch {
  #bytes = 0
  #length = new AudioLength()
  #from: EpochMs = 0

  /** Adds frames; `from` is the wall clock of the first of them. */
  add(span: FrameSpan, from: EpochMs): void {
    if (this.#bytes === 0) this.#from = from
    this.#bytes += span.bytes.length + span.overheadBytes
    this.#length.add(span.samples, span.header.info.sampleRateHz)
  }

  /** Ends it; undefined when there was none. */
  end(to: EpochMs): Quiet | undefined {
    if (this.#bytes === 0) return undefined
    const quiet: Quiet = { bytes: this.#bytes, seconds: this.#length.seconds, from: this.#from, to }
    this.#bytes = 0
    this.#length = new AudioLength()
    return quiet
  }
}
