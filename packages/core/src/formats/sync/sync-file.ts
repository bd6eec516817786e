import type { ByteQuest, ByteRange, FileLayout, SeekPoint } from '../file-layout.js'
import { findFirstFrames, WINDOW_BYTES } from '../reading/quests.js'
import { walkTo } from '../reading/walk.js'
import { SyncFramer, type SyncFormat } from './frame-sync.js'
import type { FrameSpan } from '../frame-span.js'

/** Enough for some frames of any size. */
const TAIL_BYTES = 1 << 17
/** How far from the end frames are looked for. */
const MOST_TAIL_BYTES = 1 << 24
/** Bytes read at a time where every header of a file is looked at. */
const WALK_BYTES = 1 << 20

/** A file of frames that carry no number. */
export interface SyncLayout extends FileLayout {
  /** What every frame of the stream has in common. */
  readonly identity: number
}

/** One frame in a part of a file. */
export interface SyncFrame {
  /** Where it begins. */
  readonly byte: number
  /** Its bytes. */
  readonly bytes: Uint8Array
}

/** Where the frames of a file begin and where the last whole one ends. Tags before and behind them are none. */
export function* readExtent(format: SyncFormat, sizeBytes: number): ByteQuest<SyncExtent | undefined> {
  const first = yield* findFirstFrames((sink) => new SyncFramer(format, sink), sizeBytes)
  if (!first) return undefined
  const { span, startByte } = first
  const known = { header: span.header, identity: format.identity(span.bytes, 0) }
  for (let length = TAIL_BYTES; ; length *= 4) {
    const from = Math.max(startByte, sizeBytes - length)
    const bytes = yield { startByte: from, endByte: sizeBytes }
    const last = framesIn(format, known, bytes, { startByte: from, endByte: sizeBytes }).at(-1)
    const extent = { ...known, span, framesStartByte: startByte }
    if (last) return { ...extent, framesEndByte: last.byte + last.bytes.length }
    if (from === startByte || length >= MOST_TAIL_BYTES) return { ...extent, framesEndByte: sizeBytes }
  }
}

/** What {@link readExtent} finds. */
export interface SyncExtent extends Pick<SyncLayout, 'header' | 'identity' | 'framesStartByte' | 'framesEndByte'> {
  /** The first frames. */
  readonly span: FrameSpan
}

/** The frames of the stream in a part of its file, which may begin amid one; those before the end of the file end with it. */
export function framesIn(
  format: SyncFormat,
  known: Pick<SyncLayout, 'header' | 'identity'>,
  bytes: Uint8Array,
  { startByte, endByte }: ByteRange,
): SyncFrame[] {
  const frames: SyncFrame[] = []
  let at = startByte
  const framer = new SyncFramer(
    format,
    {
      onSpan(span) {
        for (let frame = 0; frame < span.frames && span.header === known.header; frame++) {
          frames.push({ byte: at + span.byteOffset(frame), bytes: span.frame(frame) })
        }
        at += span.bytes.length
      },
      onDiscard(count) {
        at += count
      },
    },
    known,
  )
  framer.push(bytes)
  if (startByte + bytes.length >= endByte) framer.flush()
  return frames
}

/** Looks at every header from `from` on: frames that carry no number can only be counted. */
export function walkFrames(
  format: SyncFormat,
  layout: SyncLayout,
  range: { readonly from: SeekPoint; readonly sizeBytes: number },
  sample: number,
): ByteQuest<SeekPoint> {
  const { from, sizeBytes } = range
  const chunkBytes = sample - from.sample > layout.header.info.sampleRateHz ? WALK_BYTES : WINDOW_BYTES
  return walkTo(
    (_layout, _point, sink) => new SyncFramer(format, sink, layout),
    layout,
    { from, endByte: sizeBytes, chunkBytes },
    sample,
  )
}
