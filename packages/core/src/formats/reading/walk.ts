import type { ByteQuest, FileLayout, SeekPoint } from '../file-layout.js'
import type { Framer, FramerSink } from '../format.js'
import type { FrameSpan } from '../frame-span.js'

/** Where a walk leads through. */
export interface WalkRange {
  /** Where it begins. */
  readonly from: SeekPoint
  /** Where it ends at the latest. */
  readonly endByte: number
  /** Bytes read at a time. */
  readonly chunkBytes: number
}

/**
 * Walks from frame to frame to the last one that begins at or before `sample`, for formats whose frames stand back to back.
 * Stays inside the logical stream of `layout`.
 * @param resume - the format's own
 */
export function* walkTo(
  resume: (layout: FileLayout, point: SeekPoint, sink: FramerSink) => Framer,
  layout: FileLayout,
  range: WalkRange,
  sample: number,
): ByteQuest<SeekPoint> {
  let point = range.from
  let { byte, sample: position, frame: number } = range.from
  let done = false
  const framer = resume(layout, range.from, {
    onSpan(span) {
      done ||= span.header !== layout.header || position > sample
      if (done) return
      byte += span.overheadBytes
      const frame = lastFrameAt(span, sample - position)
      point = {
        byte: byte + span.byteOffset(frame),
        sample: position + span.sampleOffset(frame),
        ...(number !== undefined && { frame: number + frame }),
      }
      byte += span.bytes.length
      position += span.samples
      if (number !== undefined) number += span.frames
    },
    onDiscard(bytes) {
      byte += bytes
    },
  })
  for (let at = range.from.byte; at < range.endByte && !done;) {
    const bytes = yield { startByte: at, endByte: Math.min(range.endByte, at + range.chunkBytes) }
    if (bytes.length === 0) break
    framer.push(bytes)
    at += bytes.length
    done ||= position > sample
  }
  if (!done) framer.flush()
  return point
}

/** The last frame of a span that begins at or before `sample`, which is 0 or more. */
function lastFrameAt(span: FrameSpan, sample: number): number {
  return Math.max(0, Math.min(span.frames, span.frameAtSample(Math.floor(sample) + 1)) - 1)
}
