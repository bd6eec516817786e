/** Tables for bytes 0 and 1 of a pair: two bytes a step. */
const LOW = new Uint16Array(256)
const HIGH = new Uint16Array(256)
const REFLECTED = new Uint16Array(256)
for (let byte = 0; byte < 256; byte++) {
  let value = byte << 8
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000 ? (value << 1) ^ 0x8005 : value << 1
  LOW[byte] = value
  let reflected = byte
  for (let bit = 0; bit < 8; bit++) reflected = reflected & 1 ? (reflected >>> 1) ^ 0xa001 : reflected >>> 1
  REFLECTED[byte] = reflected
}
for (let byte = 0; byte < 256; byte++) HIGH[byte] = ((LOW[byte] << 8) & 0xffff) ^ LOW[LOW[byte] >>> 8]

/**
 * CRC-16 of FLAC frames: polynomial x^16+x^15+x^2+1, most significant bit first, start `crc`. A whole frame gives 0.
 * @source RFC 9639 §9.3
 */
export function crc16(bytes: Uint8Array, start = 0, end = bytes.length, crc = 0): number {
  let index = start
  for (; index + 1 < end; index += 2) crc = HIGH[(crc >>> 8) ^ bytes[index]] ^ LOW[(crc & 0xff) ^ bytes[index + 1]]
  if (index < end) crc = ((crc << 8) & 0xffff) ^ LOW[(crc >>> 8) ^ bytes[index]]
  return crc
}

/** CRC-16/ARC, the reflected form: the checksums in a LAME tag. */
export function crc16Reflected(bytes: Uint8Array, start = 0, end = bytes.length, crc = 0): number {
  for (let index = start; index < end; index++) crc = (crc >>> 8) ^ REFLECTED[(crc ^ bytes[index]) & 0xff]
  return crc
}
