import type { ByteQuest } from '../file-layout.js'
import type { Framer, FramerSink } from '../format.js'
import type { FrameSpan } from '../frame-span.js'
import { tagBytes } from '../sync/stream-tags.js'

/** Bytes read at a time where frames are near. */
export const WINDOW_BYTES = 1 << 16
/** The longest head before the first frame: a FLAC picture may have 16 MiB. */
const MAX_HEAD_BYTES = 1 << 25
const TAG_HEADER_BYTES = 32

/** The first frames of a file. */
export interface FirstFrames {
  /** Some frames, the first of the file first. */
  readonly span: FrameSpan
  /** Where the first one begins, or in Ogg the bytes that belong to it. */
  readonly startByte: number
}

/** A quest that needs no bytes. */
// eslint-disable-next-line require-yield
export function* known<Result>(result: Result): ByteQuest<Result> {
  return result
}

/** Frames from the start of the file until the first are found; tags before them are not read. Undefined when there are none. */
export function* findFirstFrames(
  createFramer: (sink: FramerSink) => Framer,
  sizeBytes: number,
): ByteQuest<FirstFrames | undefined> {
  const firstByte = yield* skipTags(sizeBytes)
  let startByte = firstByte
  let first: FirstFrames | undefined
  const framer = createFramer({
    onSpan(span) {
      first ??= { span, startByte: startByte + span.overheadBytes }
    },
    onDiscard(bytes) {
      if (!first) startByte += bytes
    },
  })
  const end = Math.min(sizeBytes, firstByte + MAX_HEAD_BYTES)
  for (let at = firstByte; at < end && !first;) {
    const bytes = yield { startByte: at, endByte: Math.min(end, at + WINDOW_BYTES) }
    if (bytes.length === 0) break
    framer.push(bytes)
    at += bytes.length
  }
  if (!first) framer.flush()
  return first
}

/** Where the tags end that a file begins with. */
export function* skipTags(sizeBytes: number): ByteQuest<number> {
  let at = 0
  for (;;) {
    const head = yield { startByte: at, endByte: Math.min(sizeBytes, at + TAG_HEADER_BYTES) }
    const length = tagBytes(head, 0, true)
    if (length === 0 || at + length >= sizeBytes) return at
    at += length
  }
}
