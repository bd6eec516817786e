import { claimedFrameBytes } from './frame-header.js'

/** The syntactic element that ends a raw data block, 3 bits, before zeros up to the next byte. */
const ID_END = 7

/**
 * A frame stands at `at`, nothing readable where it ends, at `next`, and frames again from `resumedAt` on: whether it is whole
 * all the same. Either the length field of a damaged header still leads to `resumedAt`, or the frame ends as frames do
 * (which one torn frame in four does by chance).
 * @source ISO 14496-3 §4.4.2.1 table 4.3 raw_data_block
 */
export function isWholeFrame(bytes: Uint8Array, _at: number, next: number, resumedAt: number): boolean {
  if (claimedFrameBytes(bytes, next) === resumedAt - next) return true
  const last = bytes[next - 1]
  if (last === 0) return false
  const alignment = 31 - Math.clz32(last & -last)
  return ((((bytes[next - 2] << 8) | last) >>> alignment) & 7) === ID_END
}
