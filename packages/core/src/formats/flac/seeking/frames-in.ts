import type { ByteQuest } from '../../file-layout.js'
import type { FrameSpan } from '../../frame-span.js'
import { longestRun } from '../../reading/longest-run.js'
import { parseFlacFrameHeader, type FlacFrameHeader } from '../frame-header.js'
import { FlacFramer } from '../framer.js'
import type { FlacHeader } from '../header.js'

/** What is read at first and at most to see some frames. */
const LEAST_BYTES = 1 << 16
const USUAL_MOST_BYTES = 1 << 18
const MOST_BYTES = 1 << 23
/** So many frames without compression fit into a window. */
const WINDOW_FRAMES = 4

/** Frames that stand back to back, and where. */
export interface FrameRun {
  /** Where the first begins. */
  readonly startByte: number
  /** Where the last ends. */
  readonly endByte: number
  /** The frames. */
  readonly spans: readonly FrameSpan[]
}

/** Bytes to read so that some frames are whole in them. */
export function windowBytes({ streamInfo }: FlacHeader): number {
  const { maxBlockSize, channels, bitsPerSample } = streamInfo
  const verbatimBytes = Math.ceil((maxBlockSize * channels * (bitsPerSample + 1)) / 8)
  return Math.min(USUAL_MOST_BYTES, Math.max(LEAST_BYTES, WINDOW_FRAMES * verbatimBytes))
}

/**
 * The frames in a part of a file, cut anywhere: every one of them has a right CRC-16, and those of a run follow each other.
 * @param final - nothing belongs to them behind the bytes
 */
export function framesIn(header: FlacHeader, bytes: Uint8Array, startByte: number, final: boolean): FrameRun[] {
  const runs: FrameRun[] = []
  let at = startByte
  const framer = new FlacFramer(
    {
      onSpan(span) {
        const start = at + span.overheadBytes
        at = start + span.bytes.length
        const last = runs.at(-1)
        if (last?.endByte === start) {
          runs[runs.length - 1] = { startByte: last.startByte, endByte: at, spans: [...last.spans, span] }
        } else runs.push({ startByte: start, endByte: at, spans: [span] })
      },
      onDiscard(count) {
        at += count
      },
    },
    header,
  )
  framer.push(bytes)
  if (final) framer.flush()
  // a false frame before them may have made the true ones look like those of another stream
  return runs.filter(({ spans }) => header.fits(headerOf(spans[0], 0)))
}

/** The header of a frame that a framer found. */
export function headerOf(span: FrameSpan, frame: number): FlacFrameHeader {
  return parseFlacFrameHeader(span.bytes, span.byteOffset(frame))!
}

/** The run that is true: see {@link longestRun}. */
export function trueRun(runs: readonly FrameRun[]): FrameRun | undefined {
  return longestRun(runs, ({ startByte, endByte }) => endByte - startByte)
}

/** The first frames at or after `byte`, as far as a few windows show them. */
export function* findFrames(header: FlacHeader, byte: number, endByte: number): ByteQuest<FrameRun | undefined> {
  for (let length = windowBytes(header); ; length *= 2) {
    const end = Math.min(endByte, byte + length)
    const bytes = yield { startByte: byte, endByte: end }
    const found = trueRun(framesIn(header, bytes, byte, end === endByte))
    if (found || end === endByte || length >= MOST_BYTES || bytes.length === 0) return found
  }
}
