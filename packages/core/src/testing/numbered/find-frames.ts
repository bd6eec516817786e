import { Buffer } from 'node:buffer'

import { MARK_MAGIC, readMark, type FrameMark } from './mark.js'
import type { NumberedStream } from './numbered-stream.js'

/** A numbered frame in a file. */
export interface FoundFrame extends FrameMark {
  /** Where its stable part begins. */
  readonly at: number
  /** Length of its stable part. */
  readonly length: number
  /** Whether all its bytes are those that the station sends under this number. */
  readonly isWhole: boolean
}

/**
 * The numbered frames in the bytes of a file, in their order. Looks for marks alone and compares with what the stations send: no framer of
 * the library and none of its file reading takes part, so a fault in those cannot hide itself.
 * @param streams - of every station that may be in it; a mark of another one counts as damaged
 */
export function findFrames(bytes: Uint8Array, streams: readonly NumberedStream[]): FoundFrame[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = Buffer.from(MARK_MAGIC)
  const found: FoundFrame[] = []
  for (let at = file.indexOf(magic); at >= 0;) {
    const mark = readMark(file, at)
    const stream = mark && streams.find(({ station }) => station === mark.station)
    if (!mark || !stream) {
      found.push({ station: -1, number: -1, at, length: magic.length, isWhole: false })
      at = file.indexOf(magic, at + magic.length)
      continue
    }
    const { bytes: wanted, markAt } = stream.stablePart(mark.number)
    const start = at - markAt
    const isWhole = start >= 0 && file.subarray(start, start + wanted.length).equals(wanted)
    found.push({ ...mark, at: start, length: wanted.length, isWhole })
    at = file.indexOf(magic, isWhole ? start + wanted.length : at + magic.length)
  }
  return found
}
