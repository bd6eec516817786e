import type { EpochMs } from '../../../model.js'

const TAG_HEADER_BYTES = 10
const FRAME_HEADER_BYTES = 10
/** A tag of ours is far shorter. */
export const MAX_TAG_BYTES = 1 << 16
const UNSYNCHRONISED = 0x80
const EXTENDED = 0x40
const NAME = 'isr_start\0'

/**
 * Wall clock of the first sample by the text `isr_start` (microseconds) in an ID3v2.4 tag at the start of `head`.
 * @source ID3v2.4 structure §3, §4; ID3v2.4 frames §4.2.6 TXXX
 */
export function tagStart(head: Uint8Array): EpochMs | undefined {
  const text = (from: number, to: number) => new TextDecoder('latin1').decode(head.subarray(from, to))
  if (text(0, 3) !== 'ID3' || head[3] !== 4 || (head[5] & (UNSYNCHRONISED | EXTENDED)) !== 0) return undefined
  const end = Math.min(head.length, TAG_HEADER_BYTES + syncsafe(head, 6))
  for (let at = TAG_HEADER_BYTES; at + FRAME_HEADER_BYTES < end && head[at] !== 0;) {
    const body = at + FRAME_HEADER_BYTES
    const next = body + syncsafe(head, at + 4)
    if (text(at, at + 4) === 'TXXX' && text(body + 1, body + 1 + NAME.length) === NAME) {
      const value = text(body + 1 + NAME.length, Math.min(next, end)).replace(/\0.*$/s, '')
      return /^\d{1,16}$/.test(value) ? Number(value) / 1000 : undefined
    }
    at = next
  }
  return undefined
}

function syncsafe(bytes: Uint8Array, at: number): number {
  return [0, 1, 2, 3].reduce((sum, index) => sum * 128 + (bytes[at + index] & 0x7f), 0)
}
