import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { StreamMetadata } from '../../model.js'

/** Frames that wait, with the metadata that came in force with the first of them. */
export interface HeldSpan {
  readonly span: FrameSpan
  readonly metadata?: StreamMetadata
}

/** Frames taken away from the start. */
export interface DroppedFrames {
  /** Bytes received for them. */
  readonly bytes: number
  /** Their length. */
  readonly seconds: number
  /** Headers in force at the last of them; undefined when there were none. */
  readonly header?: HeaderCapture
  /** Metadata in force for what follows, where nothing is left that could carry it. */
  readonly metadata?: StreamMetadata
}

/** Frames received and not written yet. */
export class HeldFrames {
  readonly #spans: HeldSpan[] = []
  #seconds = 0

  /** In order. */
  get spans(): readonly HeldSpan[] {
    return this.#spans
  }

  /** Length of all, in seconds. */
  get seconds(): number {
    return this.#seconds
  }

  /** Adds the next frames. */
  push(span: FrameSpan, metadata?: StreamMetadata): void {
    this.#spans.push({ span, ...(metadata && { metadata }) })
    this.#seconds += span.durationSeconds
  }

  /** Takes away the first `frames`. Metadata that came with them stays in force for what follows. */
  drop(frames: number): DroppedFrames {
    const dropped = { bytes: 0, seconds: 0, header: undefined as HeaderCapture | undefined }
    let news: StreamMetadata | undefined
    for (let left = frames; left > 0 && this.#spans.length > 0;) {
      const { span, metadata } = this.#spans.shift()!
      const gone = span.slice(0, Math.min(left, span.frames))
      news = metadata ?? news
      dropped.bytes += gone.bytes.length + gone.overheadBytes
      dropped.seconds += gone.durationSeconds
      dropped.header = span.header
      left -= gone.frames
      if (gone.frames < span.frames) this.#spans.unshift({ span: span.slice(gone.frames, span.frames) })
    }
    const [first] = this.#spans
    if (first && news) this.#spans[0] = { span: first.span, metadata: first.metadata ?? news }
    this.#seconds = this.#spans.length === 0 ? 0 : this.#seconds - dropped.seconds
    const { bytes, seconds, header } = dropped
    return { bytes, seconds, ...(header && { header }), ...(news && this.#spans.length === 0 && { metadata: news }) }
  }

  /** Takes away whole spans from the start while the others are at least this long. */
  trim(seconds: number): DroppedFrames {
    let frames = 0
    let kept = this.#seconds
    for (const { span } of this.#spans) {
      kept -= span.durationSeconds
      if (kept < seconds) break
      frames += span.frames
    }
    return this.drop(frames)
  }
}
