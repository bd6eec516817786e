/** Eight tables: eight bytes a step ("slicing by 8"). */
const TABLES = Array.from({ length: 8 }, () => new Uint32Array(256))
for (let byte = 0; byte < 256; byte++) {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1
  TABLES[0][byte] = value
}
for (let table = 1; table < 8; table++) {
  for (let byte = 0; byte < 256; byte++) {
    const before = TABLES[table - 1][byte]
    TABLES[table][byte] = (before << 8) ^ TABLES[0][before >>> 24]
  }
}
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES

/**
 * CRC-32 of Ogg pages: polynomial 0x04c11db7, most significant bit first, start `crc`, no final inversion.
 * @source RFC 3533 §6
 */
export function crc32Ogg(bytes: Uint8Array, start = 0, end = bytes.length, crc = 0): number {
  let index = start
  for (; index + 7 < end; index += 8) {
    crc =
      T7[(crc >>> 24) ^ bytes[index]] ^
      T6[((crc >>> 16) & 0xff) ^ bytes[index + 1]] ^
      T5[((crc >>> 8) & 0xff) ^ bytes[index + 2]] ^
      T4[(crc & 0xff) ^ bytes[index + 3]] ^
      T3[bytes[index + 4]] ^
      T2[bytes[index + 5]] ^
      T1[bytes[index + 6]] ^
      T0[bytes[index + 7]]
  }
  for (; index < end; index++) crc = (crc << 8) ^ T0[(crc >>> 24) ^ bytes[index]]
  return crc >>> 0
}
