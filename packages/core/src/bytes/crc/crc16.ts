import { crcOf } from './crc-kernel.js'

/** The reflected form, for bytes 0 to 7 behind the one at hand: eight bytes a step. */
const REFLECTED = Array.from({ length: 8 }, () => new Uint16Array(256))
for (let byte = 0; byte < 256; byte++) {
  let reflected = byte
  for (let bit = 0; bit < 8; bit++) reflected = reflected & 1 ? (reflected >>> 1) ^ 0xa001 : reflected >>> 1
  REFLECTED[0][byte] = reflected
}
for (let behind = 1; behind < 8; behind++) {
  const before = REFLECTED[behind - 1]
  REFLECTED[behind].forEach(
    (_, byte, table) => (table[byte] = (before[byte] >>> 8) ^ REFLECTED[0][before[byte] & 0xff]),
  )
}
const [R0, R1, R2, R3, R4, R5, R6, R7] = REFLECTED

/**
 * CRC-16 of FLAC frames: polynomial x^16+x^15+x^2+1, most significant bit first, start `crc`. A whole frame gives 0.
 * @source RFC 9639 §9.3
 */
export function crc16(bytes: Uint8Array, start = 0, end = bytes.length, crc = 0): number {
  return crcOf('crc16', bytes, start, end, crc)
}

/** CRC-16/ARC, the reflected form: the checksums in a LAME tag. */
export function crc16Reflected(bytes: Uint8Array, start = 0, end = bytes.length, crc = 0): number {
  let index = start
  for (; index + 7 < end; index += 8) {
    crc =
      R7[(crc ^ bytes[index]) & 0xff] ^
      R6[(crc >>> 8) ^ bytes[index + 1]] ^
      R5[bytes[index + 2]] ^
      R4[bytes[index + 3]] ^
      R3[bytes[index + 4]] ^
      R2[bytes[index + 5]] ^
      R1[bytes[index + 6]] ^
      R0[bytes[index + 7]]
  }
  for (; index < end; index++) crc = (crc >>> 8) ^ R0[(crc ^ bytes[index]) & 0xff]
  return crc
}
