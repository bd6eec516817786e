import { createHash } from 'node:crypto'
import type { Framer, FramerSink, Format } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { DiscardReason } from '../../model.js'

/** What a file holds, counted frame by frame. */
export interface FrameTotals {
  /** The headers of its first logical stream; undefined when there is no frame. */
  readonly header?: HeaderCapture
  /** Logical streams one after another; a file of ours has one. */
  readonly streams: number
  /** Hidden frames at the start that were passed over. */
  readonly prerollFrames: number
  /** Samples of those that would be audible but for the file's own word; 0 where hidden samples are no samples (Ogg). */
  readonly prerollSamples: number
  /** Frames behind them. */
  readonly frames: number
  /** Audible samples of those, in the rate of the first logical stream. */
  readonly samples: number
  /** Bytes of those. */
  readonly frameBytes: number
  /** Bytes in no frame that are no tags either. */
  readonly strayBytes: number
  /** Those of them that begin with a frame of which the end is missing. */
  readonly tornBytes: number
  /** SHA-256 in hex of all frames, hidden ones included, one behind the other. */
  readonly sha256: string
}

/** Counts what a framer finds in a file. */
export class FrameTally implements FramerSink {
  readonly #hash = createHash('sha256')
  readonly #prerollFrames: number
  #header?: HeaderCapture
  #last?: HeaderCapture
  #streams = 0
  #hidden = 0
  #hiddenSamples = 0
  #frames = 0
  #frameBytes = 0
  /** Samples of the first rate. */
  #samples = 0
  #otherSeconds = 0
  #strayBytes = 0
  #tornBytes = 0

  /** @param prerollFrames - hidden frames at the start that are not counted */
  constructor(prerollFrames: number) {
    this.#prerollFrames = prerollFrames
  }

  onSpan(span: FrameSpan): void {
    this.#hash.update(span.bytes)
    if (span.header !== this.#last) this.#streams++
    this.#last = span.header
    this.#header ??= span.header
    const hidden = Math.min(span.frames, this.#prerollFrames - this.#hidden)
    this.#hidden += hidden
    this.#hiddenSamples += span.sampleOffset(hidden)
    this.#frames += span.frames - hidden
    this.#frameBytes += span.bytes.length - span.byteOffset(hidden)
    const samples = span.samples - span.sampleOffset(hidden)
    if (span.header.info.sampleRateHz === this.#header.info.sampleRateHz) this.#samples += samples
    else this.#otherSeconds += samples / span.header.info.sampleRateHz
  }

  onDiscard(bytes: number, reason: DiscardReason): void {
    if (reason !== 'tag') this.#strayBytes += bytes
    if (reason === 'partial-frame') this.#tornBytes += bytes
  }

  /** The sums; once, at the end. */
  finish(): FrameTotals {
    const rateHz = this.#header?.info.sampleRateHz ?? 1
    return {
      ...(this.#header && { header: this.#header }),
      streams: this.#streams,
      prerollFrames: this.#hidden,
      prerollSamples: this.#hiddenSamples,
      frames: this.#frames,
      samples: this.#samples + Math.round(this.#otherSeconds * rateHz),
      frameBytes: this.#frameBytes,
      strayBytes: this.#strayBytes,
      tornBytes: this.#tornBytes,
      sha256: this.#hash.digest('hex'),
    }
  }
}

/** Walks through a file that is pushed piece by piece and counts what is in it, with the checksums that its format has. */
export class FrameWalk {
  readonly #tally: FrameTally
  readonly #framer: Framer

  /** @param prerollFrames - hidden frames at the start that are not counted */
  constructor(format: Format, prerollFrames: number) {
    this.#tally = new FrameTally(prerollFrames)
    this.#framer = format.createFramer(this.#tally)
  }

  /** The next bytes of the file; nobody changes them afterwards. */
  push(bytes: Uint8Array): void {
    this.#framer.push(bytes)
  }

  /** The end of the file. */
  finish(): FrameTotals {
    this.#framer.flush()
    return this.#tally.finish()
  }
}
