import { DetectingFramer } from './detecting-framer.js'
import type { Format } from './format.js'
import type { HeaderCapture } from './header-capture.js'
import { builtInFormats } from './registry.js'

/** Bytes given to the framer at a time: nothing is read beyond the first frame. */
const STEP_BYTES = 65536

/** Options of {@link captureHeader}. */
export interface CaptureHeaderOptions {
  /** Lower-case media type that the source declares. Only a hint. Default none. */
  readonly contentType?: string
  /** Formats to choose from. Default every built-in one. */
  readonly formats?: readonly Format[]
}

/**
 * The headers of the first logical stream in `bytes`, which may begin amid a stream; undefined when no whole frame of a known
 * format is in them.
 *
 * @example
 * ```ts
 * const header = captureHeader(firstBytes)
 * console.log(header?.info.codec, header?.info.sampleRateHz)
 * ```
 */
export function captureHeader(bytes: Uint8Array, options: CaptureHeaderOptions = {}): HeaderCapture | undefined {
  const { formats = builtInFormats, contentType } = options
  let header: HeaderCapture | undefined
  const framer = new DetectingFramer({
    formats,
    sink: { onSpan: (span) => void (header ??= span.header), onDiscard: () => undefined },
    ...(contentType !== undefined && { contentType }),
  })
  for (let at = 0; at < bytes.length && !header; at += STEP_BYTES) framer.push(bytes.subarray(at, at + STEP_BYTES))
  if (!header) framer.flush()
  return header
}
