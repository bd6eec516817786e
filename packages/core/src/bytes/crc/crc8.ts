const TABLE = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 0x80 ? (value << 1) ^ 0x07 : value << 1
  TABLE[byte] = value
}

/**
 * CRC-8 of FLAC frame headers: polynomial x^8+x^2+x+1, start 0.
 * @source RFC 9639 §9.1.8
 */
export function crc8(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0
  for (let index = start; index < end; index++) crc = TABLE[crc ^ bytes[index]]
  return crc
}
