import type { DiscardReason } from '../model.js'
import type { FrameSpan } from './frame-span.js'

/** Takes what a framer finds, in stream order. */
export interface FramerSink {
  /** Whole frames. */
  onSpan(span: FrameSpan): void
  /** Bytes that are in no frame. Consecutive discards of one reason may come in several calls. */
  onDiscard(bytes: number, reason: DiscardReason): void
}

/**
 * Bytes in, whole frames out to its sink. A push parser: synchronous, bounded memory, never throws on bad input, never loops.
 * One per connection. Law, after `flush`: bytes pushed = sum of `span.bytes.length + span.overheadBytes` + sum of discards.
 * The frames found do not depend on how the bytes were cut into chunks.
 */
export interface Framer {
  /** Takes bytes cut anywhere. The caller never mutates them afterwards. */
  push(bytes: Uint8Array): void
  /** End of connection: frames that are certain go out, the rest is discarded as `partial-frame`. */
  flush(): void
}
