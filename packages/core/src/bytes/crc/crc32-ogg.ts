import { crcOf } from './crc-kernel.js'

/**
 * CRC-32 of Ogg pages: polynomial 0x04c11db7, most significant bit first, start `crc`, no final inversion.
 * @source RFC 3533 §6
 */
export function crc32Ogg(bytes: Uint8Array, start = 0, end = bytes.length, crc = 0): number {
  return crcOf('crc32', bytes, start, end, crc) >>> 0
}
