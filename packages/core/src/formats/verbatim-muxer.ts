import type { Muxer, MuxerCounts, MuxerEnd } from './format.js'
import type { FrameSpan } from './frame-span.js'

const NOTHING = new Uint8Array(0)

/** The received frames and nothing else: for formats whose frames play without a header. */
export class VerbatimMuxer implements Muxer {
  readonly patchesHeadOnly = true
  #frames = 0
  #samples = 0

  begin(): Uint8Array {
    return NOTHING
  }

  /** Nothing: there is no place for it. */
  mark(): void {}

  /** Nothing: there is no place for it. */
  retime(): void {}

  write(span: FrameSpan): Uint8Array {
    this.#frames += span.frames
    this.#samples += span.samples
    return span.bytes
  }

  end(): MuxerEnd {
    return { tail: NOTHING, patches: [] }
  }

  get counts(): MuxerCounts {
    return { frames: this.#frames, samples: this.#samples, prerollFrames: 0, prerollSamples: 0 }
  }
}
