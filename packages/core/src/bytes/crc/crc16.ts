import { crcOf } from './crc-kernel.js'

/**
 * CRC-16 of FLAC frames: polynomial x^16+x^15+x^2+1, most significant bit first, start `crc`. A whole frame gives 0.
 * @source RFC 9639 §9.3
 */
export function crc16(bytes: Uint8Array, start = 0, end = bytes.length, crc = 0): number {
  return crcOf('crc16', bytes, start, end, crc)
}

/** CRC-16/ARC, the reflected form: the checksums in a LAME tag. */
export function crc16Reflected(bytes: Uint8Array, start = 0, end = bytes.length, crc = 0): number {
  return crcOf('crc16Reflected', bytes, start, end, crc)
}
