import { MAX_FRAME_HEADER_BYTES, parseFlacFrameHeader, type FlacFrameHeader } from '../frame-header.js'
import { FLAC_HEAD_BYTES, FLAC_MAGIC, parseFlacBlocks, parseFlacMagic, type FlacStreamHead } from '../metadata-block.js'

/** Metadata beyond this is not waited for: a length may be damaged. */
const MAX_METADATA_BYTES = 1 << 20
/** How far one search looks for the one thing before it looks for the other, so that no byte is searched often. */
const WINDOW_BYTES = 1 << 16

/** Something that looks like the start of a frame or of a stream. */
export interface SyncPoint {
  /** Where, as an index into the bytes scanned. */
  readonly at: number
  /** Present where a frame may start. */
  readonly frame?: FlacFrameHeader
  /** Present where a stream may start. */
  readonly head?: FlacStreamHead
}

/**
 * The next sync point from `from` on. Without one: how far the bytes are searched; search on from there when more have come.
 * What is found does not depend on how many bytes follow, unless `final` says that none will.
 */
export function findSyncPoint(bytes: Uint8Array, from: number, final: boolean): SyncPoint | number {
  const end = Math.max(from, final ? bytes.length : bytes.length - MAX_FRAME_HEADER_BYTES + 1)
  let at = from
  while (at < end) {
    const windowEnd = Math.min(end, at + WINDOW_BYTES)
    const frame = findFrame(bytes, at, windowEnd)
    const magicAt = findMagic(bytes, at, frame?.at ?? windowEnd)
    if (magicAt < 0) {
      if (frame) return frame
      at = windowEnd
      continue
    }
    if (!final && bytes.length - magicAt < FLAC_HEAD_BYTES) return magicAt
    const head = parseFlacMagic(bytes, magicAt)
    const whole = head && wholeHead(bytes, magicAt, head, final)
    if (whole === 'more') return magicAt
    if (whole) return { at: magicAt, head: whole }
    at = magicAt + 1
  }
  return end
}

/** The first frame header that starts in `from` <= at < `end`. */
function findFrame(bytes: Uint8Array, from: number, end: number): SyncPoint | undefined {
  const window = bytes.subarray(from, end)
  for (let index = window.indexOf(0xff); index >= 0; index = window.indexOf(0xff, index + 1)) {
    const at = from + index
    if ((bytes[at + 1] & 0xfe) !== 0xf8) continue
    const frame = parseFlacFrameHeader(bytes, at)
    if (frame) return { at, frame }
  }
  return undefined
}

/** Where the first magic starts in `from` <= at < `end`, or -1. */
function findMagic(bytes: Uint8Array, from: number, end: number): number {
  const length = Math.min(bytes.length, end + FLAC_MAGIC.length - 1) - from
  const index = Buffer.from(bytes.buffer, bytes.byteOffset + from, length).indexOf(FLAC_MAGIC)
  return index < 0 ? -1 : from + index
}

/** All metadata when it ends where a frame starts, else STREAMINFO alone: the frames are searched for in the rest. */
function wholeHead(bytes: Uint8Array, at: number, head: FlacStreamHead, final: boolean): FlacStreamHead | 'more' {
  const within = bytes.subarray(0, Math.min(bytes.length, at + MAX_METADATA_BYTES))
  const waiting = !final && within.length === bytes.length
  const whole = parseFlacBlocks(within, at, head)
  if (whole === 'more') return waiting ? 'more' : head
  const end = at + whole.sizeBytes
  if (parseFlacFrameHeader(bytes, end) || (final && end === bytes.length)) return whole
  return !final && bytes.length - end < MAX_FRAME_HEADER_BYTES ? 'more' : head
}
