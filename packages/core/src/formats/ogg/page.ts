import { crc32Ogg } from '../../bytes/crc/crc32-ogg.js'

/** `OggS`, the capture pattern. */
export const CAPTURE_PATTERN = Uint8Array.of(0x4f, 0x67, 0x67, 0x53)
/** Bytes of a page before its lacing values. */
export const FIXED_HEADER_BYTES = 27
/** The longest page there is: header, 255 lacing values, 255 segments of 255 bytes. */
export const MAX_PAGE_BYTES = FIXED_HEADER_BYTES + 255 + 255 * 255
/** Granule position of a page on which no packet ends. */
export const NO_GRANULE = -1

/** Bits of the header type. */
export const PageFlag = { continued: 1, beginOfStream: 2, endOfStream: 4 } as const

/** Where the fields of a page header are. Numbers are little-endian. */
export const PageOffset = {
  version: 4,
  flags: 5,
  granule: 6,
  serial: 14,
  sequence: 18,
  crc: 22,
  laceCount: 26,
} as const

/**
 * One page: the unit in which Ogg travels. A page carries pieces of packets of one logical stream:
 * each lacing value is the size of one segment, and a value below 255 ends a packet.
 * @source RFC 3533 §6
 */
export interface OggPage {
  /** The whole page. */
  readonly bytes: Uint8Array
  /** Its first segment goes on with a packet of the page before. */
  readonly continued: boolean
  /** First page of its logical stream. */
  readonly beginOfStream: boolean
  /** Last page of its logical stream. */
  readonly endOfStream: boolean
  /** Position after the last packet that ends here, in the codec's own unit; {@link NO_GRANULE} when none ends here. */
  readonly granule: number
  /** Which logical stream, an unsigned 32-bit number. */
  readonly serial: number
  /** Counts the pages of the logical stream, modulo 2^32. */
  readonly sequence: number
  /** The lacing values. */
  readonly laces: Uint8Array
  /** The segments. */
  readonly body: Uint8Array
}

/**
 * Length of the page that starts at `offset`, which is known once its lacing values are there.
 * @returns 0 when more bytes are needed to tell, -1 when no page starts here
 */
export function pageLength(bytes: Uint8Array, offset: number): number {
  const available = bytes.length - offset
  for (let index = 0; index < CAPTURE_PATTERN.length && index < available; index++) {
    if (bytes[offset + index] !== CAPTURE_PATTERN[index]) return -1
  }
  if (available > PageOffset.version && bytes[offset + PageOffset.version] !== 0) return -1
  if (available < FIXED_HEADER_BYTES) return 0
  const bodyStart = FIXED_HEADER_BYTES + bytes[offset + PageOffset.laceCount]
  if (available < bodyStart) return 0
  let length = bodyStart
  for (let index = FIXED_HEADER_BYTES; index < bodyStart; index++) length += bytes[offset + index]
  return length
}

/** Reads the page that fills `bytes`; undefined when its checksum does not fit. */
export function parsePage(bytes: Uint8Array): OggPage | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(PageOffset.crc, true) !== pageCrc(bytes)) return undefined
  const flags = bytes[PageOffset.flags]
  const bodyStart = FIXED_HEADER_BYTES + bytes[PageOffset.laceCount]
  return {
    bytes,
    continued: (flags & PageFlag.continued) !== 0,
    beginOfStream: (flags & PageFlag.beginOfStream) !== 0,
    endOfStream: (flags & PageFlag.endOfStream) !== 0,
    // beyond 2^53 a number is no longer exact, but no recording is 6,000 years long
    granule: view.getInt32(PageOffset.granule + 4, true) * 2 ** 32 + view.getUint32(PageOffset.granule, true),
    serial: view.getUint32(PageOffset.serial, true),
    sequence: view.getUint32(PageOffset.sequence, true),
    laces: bytes.subarray(FIXED_HEADER_BYTES, bodyStart),
    body: bytes.subarray(bodyStart),
  }
}

/**
 * Checksum of a page, computed as if its own field were zero.
 * @source RFC 3533 §6 (10)
 */
export function pageCrc(bytes: Uint8Array): number {
  const zeros = crc32Ogg(FOUR_ZEROS, 0, 4, crc32Ogg(bytes, 0, PageOffset.crc))
  return crc32Ogg(bytes, PageOffset.crc + 4, bytes.length, zeros)
}

const FOUR_ZEROS = new Uint8Array(4)
