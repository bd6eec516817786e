/** More bytes are needed to tell. */
export const UNDECIDED = -1

const ID3V2_HEADER_BYTES = 10
const APE_HEADER_BYTES = 32
const ID3V1_BYTES = 128

/**
 * Length in bytes of the tag that begins at `at`; 0 when none does; `UNDECIDED` when too few bytes are there.
 * Tags stand between frames where a station strings files together; they are not audio.
 *
 * @param final - no more bytes will come: never `UNDECIDED`
 * @source ID3v2.4 structure §3.1, ID3v1, APEv2 tag header
 */
export function tagBytes(bytes: Uint8Array, at: number, final: boolean): number {
  switch (bytes[at]) {
    case 0x49:
      return whenThere(bytes, at, 'ID3', ID3V2_HEADER_BYTES, final, id3v2Bytes)
    case 0x54:
      return whenThere(bytes, at, 'TAG', 3, final, () => ID3V1_BYTES)
    case 0x41:
      return whenThere(bytes, at, 'APETAGEX', APE_HEADER_BYTES, final, apeBytes)
    default:
      return 0
  }
}

function whenThere(
  bytes: Uint8Array,
  at: number,
  magic: string,
  neededBytes: number,
  final: boolean,
  measure: (bytes: Uint8Array, at: number) => number,
): number {
  const there = Math.min(magic.length, bytes.length - at)
  for (let index = 0; index < there; index++) if (bytes[at + index] !== magic.charCodeAt(index)) return 0
  if (at + neededBytes > bytes.length) return final ? 0 : UNDECIDED
  return measure(bytes, at)
}

function id3v2Bytes(bytes: Uint8Array, at: number): number {
  const version = bytes[at + 3]
  const flags = bytes[at + 5]
  if (version < 2 || version === 0xff || bytes[at + 4] === 0xff || (flags & 0x0f) !== 0) return 0
  let size = 0
  for (let index = 6; index < ID3V2_HEADER_BYTES; index++) {
    if (bytes[at + index] >= 0x80) return 0
    size = size * 128 + bytes[at + index]
  }
  const footerBytes = flags & 0x10 ? ID3V2_HEADER_BYTES : 0
  return ID3V2_HEADER_BYTES + size + footerBytes
}

/** The tag counts itself without its header. A footer met alone is only its own 32 bytes. */
function apeBytes(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, APE_HEADER_BYTES)
  const isHeader = (view.getUint32(20, true) & 0x2000_0000) !== 0
  return isHeader ? APE_HEADER_BYTES + view.getUint32(12, true) : APE_HEADER_BYTES
}
