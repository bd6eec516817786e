import type { FrameSpan } from '../frame-span.js'

/** Frames in, one stream out that begins now and never ends. Memory is bounded however long it goes on. */
export interface EndlessMuxer {
  /** Media type, with codecs where players ask for them. */
  readonly contentType: string
  /** What opens the stream. Called once, first. */
  begin(): Uint8Array
  /** The frames as they go out; nothing while they wait for others. */
  write(span: FrameSpan): Uint8Array
  /** What waits, at once. */
  flush(): Uint8Array
}

/**
 * `own`: that of the source. `fmp4`: fragmented MP4 for FLAC, Opus and AAC, others as `own`. `mse`: what Media Source Extensions take,
 * the same and WebM for Vorbis.
 */
export type EndlessContainer = 'own' | 'fmp4' | 'mse'
