// CRC-16, most significant bit first, sixteen bytes a step. Register and tables are kept with their bytes swapped: then they meet the
// bytes of a word as it is loaded.

const SLICES = 16
const tables: usize = memory.data(SLICES * 256 * 2)

for (let byte: u32 = 0; byte < 256; byte++) {
  let value = byte << 8
  for (let bit = 0; bit < 8; bit++) value = (value & 0x8000) !== 0 ? (value << 1) ^ 0x8005 : value << 1
  store<u16>(tables + (byte << 1), bswap<u16>(value as u16))
}
// the table of a slice: what a byte with so many zeros behind it does
for (let entry: usize = 256; entry < (SLICES * 256 as usize); entry++) {
  const before = load<u16>(tables + ((entry - 256) << 1))
  store<u16>(tables + (entry << 1), (before >> 8) ^ load<u16>(tables + ((before & 0xff) << 1)))
}

@inline
function look(slice: usize, word: u64, byte: i32): u32 {
  return load<u16>(tables + (slice << 9) + (((word >> (byte << 3)) & 0xff) as usize << 1)) as u32
}

/** CRC-16 of the bytes from `start` up to `end`, on from `crc`. @source RFC 9639 §9.3 */
export function crc16Between(start: usize, end: usize, from: u32): u32 {
  let crc = bswap<u16>(from as u16) as u32
  let at = start
  for (; at + 16 <= end; at += 16) {
    const one = load<u64>(at)
    const two = load<u64>(at, 8)
    const met = one ^ (crc as u64)
    // what waits for the step before comes last
    const rest =
      look(7, two, 0) ^ look(6, two, 1) ^ look(5, two, 2) ^ look(4, two, 3) ^
      look(3, two, 4) ^ look(2, two, 5) ^ look(1, two, 6) ^ look(0, two, 7) ^
      look(13, one, 2) ^ look(12, one, 3) ^ look(11, one, 4) ^ look(10, one, 5) ^
      look(9, one, 6) ^ look(8, one, 7)
    crc = rest ^ look(15, met, 0) ^ look(14, met, 1)
  }
  for (; at < end; at++) crc = (crc >> 8) ^ load<u16>(tables + (((crc ^ load<u8>(at)) & 0xff) << 1))
  return bswap<u16>(crc as u16)
}
