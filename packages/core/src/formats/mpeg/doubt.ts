import { hasRun } from '../sync/frame-edge.js'
import { bitrateIndex, frameBytes, legalFrameBytes, parseFrameHeader } from './frame-header.js'
import { mainDataBegin, mainDataBytesUsed } from './side-info.js'

/** Frames in a row whose headers may be damaged before their sum of lengths proves nothing any more. */
const MOST_DAMAGED_FRAMES = 8

/**
 * A frame stands at `at`, nothing readable where it ends, at `next`, and frames again from `resumedAt` on: whether it is whole
 * all the same. Either the next frame points exactly to the main data that it leaves over, or the bytes between are as
 * long as frames whose headers are damaged.
 */
export function isWholeFrame(bytes: Uint8Array, at: number, next: number, resumedAt: number): boolean {
  if (hidesFrames(bytes, at, next, resumedAt)) return true
  return leavesReservoirFor(bytes, at, resumedAt) && !hasRun(bytes, at, next)
}

/** Whether the bit reservoir behind the frame at `at` is the one that the frame at `following` begins with. */
function leavesReservoirFor(bytes: Uint8Array, at: number, following: number): boolean {
  const header = parseFrameHeader(bytes, at)
  const next = parseFrameHeader(bytes, following)
  if (!header || !next || following + next.mainDataOffset > bytes.length) return false
  const frame = bytes.subarray(at, at + header.frameBytes)
  const mainDataBytes = frame.length - header.mainDataOffset
  const left = mainDataBegin(frame, header) + mainDataBytes - mainDataBytesUsed(frame, header)
  return left > 0 && left === mainDataBegin(bytes.subarray(following), next)
}

function hidesFrames(bytes: Uint8Array, at: number, next: number, resumedAt: number): boolean {
  const gap = resumedAt - next
  if (frameBytes(bytes, next) === gap) return true // one frame of another stream
  if (bitrateIndex(bytes, at) === bitrateIndex(bytes, resumedAt) && isMultiple(bytes, at, gap)) return true
  const variable = bitrateIndex(bytes, at) !== bitrateIndex(bytes, resumedAt)
  return (variable || resembles(bytes, at, next)) && legalFrameBytes(bytes, at).includes(gap)
}

/** Whether two of the three telling bytes of the header at `next` are those of the one at `at`. */
function resembles(bytes: Uint8Array, at: number, next: number): boolean {
  let alike = 0
  for (const index of [0, 1, 3]) if (bytes[at + index] === bytes[next + index]) alike++
  return alike >= 2
}

/** Whether `gap` is the length of a few frames of the rate of the one at `at`, each padded or not. */
function isMultiple(bytes: Uint8Array, at: number, gap: number): boolean {
  const unpadded = frameBytes(bytes, at) - ((bytes[at + 2] >>> 1) & 1)
  for (let frames = 1; frames <= MOST_DAMAGED_FRAMES; frames++) {
    if (gap >= frames * unpadded && gap <= frames * (unpadded + 1)) return true
  }
  return false
}
