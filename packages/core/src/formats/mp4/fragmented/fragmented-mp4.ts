import type { FrameSpan } from '../../frame-span.js'
import type { EndlessMuxer } from '../../endless/endless.js'
import { fragment, initSegment, type FragmentFrame } from './fragments.js'
import type { Track } from './track.js'

/** Shorter fragments would be heard a little earlier, and cost more bytes than they save. */
const FRAGMENT_SECONDS = 0.5
const NOTHING = new Uint8Array(0)

/** Frames in, fragments of MP4 out, each of about half a second: what Media Source Extensions take. */
export class FragmentedMp4 implements EndlessMuxer {
  readonly contentType: string
  readonly #track: Track
  #frames: FragmentFrame[] = []
  #sequence = 0
  /** Samples before the frames that wait. */
  #sample = 0
  #waiting = 0

  /** @param track - what the frames are */
  constructor(track: Track) {
    this.#track = track
    this.contentType = `audio/mp4; codecs="${track.codec}"`
  }

  begin(): Uint8Array {
    return initSegment(this.#track)
  }

  write(span: FrameSpan): Uint8Array {
    for (let index = 0; index < span.frames; index++) {
      const samples = span.sampleOffset(index + 1) - span.sampleOffset(index)
      // hidden by pre-skip: a sample of no length would stop players
      if (samples === 0) continue
      this.#frames.push({ bytes: this.#track.payload(span.frame(index)), samples })
      this.#waiting += samples
    }
    return this.#waiting >= FRAGMENT_SECONDS * this.#track.sampleRateHz ? this.flush() : NOTHING
  }

  flush(): Uint8Array {
    if (this.#frames.length === 0) return NOTHING
    const bytes = fragment(++this.#sequence, this.#sample, this.#frames)
    this.#sample += this.#waiting
    this.#waiting = 0
    this.#frames = []
    return bytes
  }
}
