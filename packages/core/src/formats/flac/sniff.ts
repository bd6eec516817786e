import { nextFlacNumber, type FlacFrameHeader } from './frame-header.js'
import { FLAC_HEAD_BYTES, FLAC_MAGIC, parseFlacMagic } from './blocks/metadata-block.js'
import { tagBytes } from '../sync/stream-tags.js'
import { SyncScan } from './framing/sync-scan.js'

/** Enough headers to see two that belong together. */
const MAX_HEADERS = 16

/** Confidence that `head` starts or continues native FLAC: its magic, a frame whose CRC-16 is 0, or headers alone. */
export function sniffFlac(head: Uint8Array): number {
  const tag = tagBytes(head, 0, true)
  const start = tag < head.length ? tag : 0
  if (startsWithMagic(head, start)) return head.length - start < FLAC_HEAD_BYTES || parseFlacMagic(head, start) ? 1 : 0

  const headers: { at: number; frame: FlacFrameHeader }[] = []
  const scan = new SyncScan(head, 0)
  let at = 0
  while (headers.length < MAX_HEADERS) {
    const found = scan.next(at, true)
    if (typeof found === 'number') break
    at = found.at + 1
    if (found.head) return 0.9
    if (!found.frame) continue
    const { frame } = found
    for (const before of headers) {
      if (frame.number === nextFlacNumber(before.frame) && scan.crc16(before.at, found.at, 0) === 0) return 1
    }
    headers.push({ at: found.at, frame })
  }
  // One header in 16 KiB of noise is one chance in a thousand.
  return headers.length > 0 ? 0.4 : 0
}

function startsWithMagic(bytes: Uint8Array, offset: number): boolean {
  return bytes.length >= offset + 4 && FLAC_MAGIC.every((byte, index) => bytes[offset + index] === byte)
}
