import type { FrameSpan } from '../../formats/frame-span.js'
import type { StreamMetadata } from '../../model.js'

/** Where frames go. */
export interface SpanSink {
  /** They are recorded; `metadata` came in force with the first of them. */
  write(span: FrameSpan, metadata?: StreamMetadata): void
  /** They are not recorded. */
  skip(span: FrameSpan): void
}

interface Entry {
  readonly span: FrameSpan
  /** Samples of the logical stream before it. */
  readonly start: number
  readonly metadata?: StreamMetadata
}

/** Frames of one logical stream that wait for a decision, in order. Titles of what is not recorded stay in force for what is. */
export class SpanRing {
  readonly #sink: SpanSink
  readonly #entries: Entry[] = []
  #end = 0
  #news?: StreamMetadata

  constructor(sink: SpanSink) {
    this.#sink = sink
  }

  /** Samples of the logical stream before the first frame that waits. */
  get start(): number {
    return this.#entries[0]?.start ?? this.#end
  }

  /** Samples of the logical stream so far. */
  get end(): number {
    return this.#end
  }

  /** Takes frames; `metadata` came in force with the first of them. */
  push(span: FrameSpan, metadata?: StreamMetadata): void {
    this.#entries.push({ span, start: this.#end, ...(metadata && { metadata }) })
    this.#end += span.samples
  }

  /** Records the frames that begin before `sample`. */
  writeTo(sample: number): void {
    for (let entry = this.#entries[0]; entry && entry.start < sample; entry = this.#entries[0]) {
      const frames = sample === Infinity ? entry.span.frames : entry.span.frameAtSample(sample - entry.start)
      const { span, metadata } = this.#take(Math.max(1, frames))
      const news = this.#news || metadata ? { ...this.#news, ...metadata } : undefined
      this.#news = undefined
      this.#sink.write(span, news)
    }
  }

  /** Drops the frames that end at or before `sample`. */
  skipTo(sample: number): void {
    for (let entry = this.#entries[0]; entry && entry.start < sample; entry = this.#entries[0]) {
      const frames = endedFrames(entry.span, sample - entry.start)
      if (frames === 0) return
      const { span, metadata } = this.#take(frames)
      if (metadata) this.#news = { ...this.#news, ...metadata }
      this.#sink.skip(span)
    }
  }

  /** The first frames of the first entry. */
  #take(frames: number): Entry {
    const entry = this.#entries[0]
    const { span, start } = entry
    if (frames >= span.frames) {
      this.#entries.shift()
      return entry
    }
    this.#entries[0] = { span: span.slice(frames, span.frames), start: start + span.sampleOffset(frames) }
    return { ...entry, span: span.slice(0, frames) }
  }
}

/** How many frames end at or before `sample` of their span. */
function endedFrames(span: FrameSpan, sample: number): number {
  if (span.samples <= sample) return span.frames
  const frame = span.frameAtSample(sample)
  return span.sampleOffset(frame) > sample ? frame - 1 : frame
}
