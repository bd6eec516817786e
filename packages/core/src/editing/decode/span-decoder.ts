import type { Planes } from '../../decoders/decoder.js'
import type { FrameSpan } from '../../formats/frame-span.js'

/** Decodes the frames of one logical stream. */
export interface SpanDecoder {
  /** What is ready, in order: in all exactly the audible samples of the spans. The arrays may be used until the next call. */
  decode(span: FrameSpan): Promise<Planes>
  /** What was held back. Called once, last. */
  end(): Promise<Planes>
  /** Frees it. */
  close(): void
}
