import type { ByteQuest, ByteRange } from '../formats/file-layout.js'

/** What to serve of a file that is still written: a valid file of its length so far, every byte at its own offset. */
export interface LiveView {
  /** Served in place of the first `head.length` bytes of the file; empty when nothing there needs a change. */
  readonly head: Uint8Array
  /** Where the last whole frame or page ends, and serving with it. 0 while the file cannot be played yet. */
  readonly endByte: number
  /** Audible samples per channel up to there; undefined when the file does not tell without being read whole. */
  readonly samples?: number
}

/** Nothing can be played yet. */
export const NOTHING_YET: LiveView = { head: new Uint8Array(0), endByte: 0 }

/**
 * Makes the header of a growing file true for the bytes served now. One per file: some remember what they have seen,
 * so that looking again later costs little. Pure: it asks for bytes and reads none itself.
 */
export abstract class LivePatcher {
  /**
   * What to serve while the file has `sizeBytes`: a computation that asks for the bytes it needs.
   * @param sizeBytes - size of the file now; bytes behind it are never asked for
   */
  abstract view(sizeBytes: number): ByteQuest<LiveView>

  /**
   * The same from head and tail alone, for callers that hold them.
   * @param head - the first bytes of the file; 64 KiB suffice for the files of this library
   * @param tail - the last bytes before `sizeBytes`; 256 KiB suffice
   * @param sizeBytes - size of the file now
   */
  patch(head: Uint8Array, tail: Uint8Array, sizeBytes: number): LiveView {
    const quest = this.view(sizeBytes)
    let step = quest.next()
    while (!step.done) step = quest.next(partOf(step.value, head, tail, sizeBytes))
    return step.value
  }
}

/** The wanted bytes as far as they follow each other in head and tail. */
function partOf({ startByte, endByte }: ByteRange, head: Uint8Array, tail: Uint8Array, sizeBytes: number): Uint8Array {
  const tailStart = sizeBytes - tail.length
  if (startByte >= tailStart) return tail.subarray(startByte - tailStart, endByte - tailStart)
  const first = head.subarray(startByte, endByte)
  if (startByte + first.length < tailStart || endByte <= head.length) return first
  const rest = tail.subarray(Math.max(0, head.length - tailStart), endByte - tailStart)
  const both = new Uint8Array(first.length + rest.length)
  both.set(first)
  both.set(rest, first.length)
  return both
}
