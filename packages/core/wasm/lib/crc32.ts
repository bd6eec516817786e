// CRC-32 of Ogg pages, the way of crc16.ts.

const SLICES = 16
const tables: usize = memory.data(SLICES * 256 * 4)

for (let byte: u32 = 0; byte < 256; byte++) {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit++) value = (value & 0x80000000) !== 0 ? (value << 1) ^ 0x04c11db7 : value << 1
  store<u32>(tables + (byte << 2), bswap<u32>(value))
}
for (let entry: usize = 256; entry < (SLICES * 256 as usize); entry++) {
  const before = load<u32>(tables + ((entry - 256) << 2))
  store<u32>(tables + (entry << 2), (before >> 8) ^ load<u32>(tables + ((before & 0xff) << 2)))
}

@inline
function look(slice: usize, word: u64, byte: i32): u32 {
  return load<u32>(tables + (slice << 10) + (((word >> (byte << 3)) & 0xff) as usize << 2))
}

/** CRC-32 of the bytes from `start` up to `end`, on from `crc`. @source RFC 3533 §6 */
export function crc32Between(start: usize, end: usize, from: u32): u32 {
  let crc = bswap<u32>(from)
  let at = start
  for (; at + 16 <= end; at += 16) {
    const one = load<u64>(at)
    const two = load<u64>(at, 8)
    const met = one ^ (crc as u64)
    // what waits for the step before comes last
    const rest =
      look(7, two, 0) ^ look(6, two, 1) ^ look(5, two, 2) ^ look(4, two, 3) ^
      look(3, two, 4) ^ look(2, two, 5) ^ look(1, two, 6) ^ look(0, two, 7) ^
      look(11, one, 4) ^ look(10, one, 5) ^ look(9, one, 6) ^ look(8, one, 7)
    crc = rest ^ look(15, met, 0) ^ look(14, met, 1) ^ look(13, met, 2) ^ look(12, met, 3)
  }
  for (; at < end; at++) crc = (crc >> 8) ^ load<u32>(tables + (((crc ^ load<u8>(at)) & 0xff) << 2))
  return bswap<u32>(crc)
}
