import { findFrame, type FrameGrammar } from '../formats/sync/frame-chain.js'
import { FrameRuns, type FoundFrame } from './frame-runs.js'
import type { FilePart } from './live-quests.js'

/** Enough for true frames to be the most: the longest frame of ADTS has 8 KB. */
export const SYNC_TAIL_BYTES = 1 << 17

/**
 * The whole frames at the end of a file of MPEG audio or ADTS, found without what comes before them. Payload holds false
 * headers, even chains of them: the longest chain is the true one.
 * @param identity - of the file's frames
 * @param firstByte - where the first frame of the file stands
 */
export function tailFrames(
  grammar: FrameGrammar,
  { bytes, startByte }: FilePart,
  identity: number,
  firstByte: number,
): readonly FoundFrame[] {
  const runs = new FrameRuns<FoundFrame>(startByte === firstByte ? firstByte : undefined)
  const view = { grammar, bytes, final: true, knownIdentity: identity, cleanFrom: -1 }
  let at = startByte === firstByte ? 0 : findFrame(view, 0, bytes.length).at
  while (at < bytes.length) {
    const end = at + frameBytes(grammar, bytes, at, identity)
    if (end > at && end <= bytes.length) {
      runs.add({ at: startByte + at, end: startByte + end, number: 0, next: 0 })
      at = end
    } else at = findFrame(view, at + 1, bytes.length).at
  }
  return runs.longest()
}

/** Length of a frame of this identity at `at`; 0 when none stands there. */
export function frameBytes(grammar: FrameGrammar, bytes: Uint8Array, at: number, identity: number): number {
  if (at + grammar.headerBytes > bytes.length) return 0
  const length = grammar.frameBytes(bytes, at)
  return length > 0 && grammar.identity(bytes, at) === identity ? length : 0
}
