import type { Patch } from '../../model.js'

/**
 * Tags that are corrected when a file is closed lie in its first block of this size: the system takes one write within a
 * block as a whole, so no crash can leave a tag half old and half new.
 */
export const TAG_BLOCK_BYTES = 4096
/** Room for about 18 titles in files that begin without one: most sources never send any. */
const UNTITLED_ROOM_BYTES = 1536

/**
 * Bytes to keep free for chapters, which become known only while the file is written.
 * @param usedBytes - of the first block, for all that stands before the room
 * @param titled - whether a title is in force at the start: more will come
 */
export function chapterRoomBytes(usedBytes: number, titled: boolean): number {
  const free = Math.max(0, TAG_BLOCK_BYTES - usedBytes)
  return titled ? free : Math.min(free, UNTITLED_ROOM_BYTES)
}

/** {@link difference} of tags: nothing when it does not lie in the first block. */
export function tagPatch(before: Uint8Array, after: Uint8Array, offsetBytes: number): Patch[] {
  return difference(before, after, offsetBytes).filter(
    (patch) => patch.offsetBytes + patch.bytes.length <= TAG_BLOCK_BYTES,
  )
}

/**
 * What turns `before`, which stands at `offsetBytes`, into `after`: one patch, as short as can be. None when they are the same
 * or of different length.
 */
export function difference(before: Uint8Array, after: Uint8Array, offsetBytes: number): Patch[] {
  if (before.length !== after.length) return []
  let start = 0
  let end = after.length
  while (start < end && before[start] === after[start]) start++
  while (end > start && before[end - 1] === after[end - 1]) end--
  if (start === end) return []
  return [{ offsetBytes: offsetBytes + start, bytes: after.slice(start, end) }]
}
