// CRC-16 and CRC-32, most significant bit first, sixteen bytes a step. Registers and tables are kept with their bytes swapped: then
// they meet the bytes of a word as it is loaded.

const SLICES: usize = 16
const crc16Tables: usize = memory.data(SLICES * 256 * 2)
const crc32Tables: usize = memory.data(SLICES * 256 * 4)
const input: usize = (__heap_base + 15) & ~15
const PAGE_BYTES: usize = 65536

for (let byte: u32 = 0; byte < 256; byte++) {
  let sixteen = byte << 8
  let thirtyTwo = byte << 24
  for (let bit = 0; bit < 8; bit++) {
    sixteen = (sixteen & 0x8000) !== 0 ? (sixteen << 1) ^ 0x8005 : sixteen << 1
    thirtyTwo = (thirtyTwo & 0x80000000) !== 0 ? (thirtyTwo << 1) ^ 0x04c11db7 : thirtyTwo << 1
  }
  store<u16>(crc16Tables + (byte << 1), bswap<u16>(sixteen as u16))
  store<u32>(crc32Tables + (byte << 2), bswap<u32>(thirtyTwo))
}
// the table of a slice: what a byte with so many zeros behind it does
for (let entry: usize = 256; entry < SLICES * 256; entry++) {
  const before16 = load<u16>(crc16Tables + ((entry - 256) << 1))
  store<u16>(crc16Tables + (entry << 1), (before16 >> 8) ^ load<u16>(crc16Tables + ((before16 & 0xff) << 1)))
  const before32 = load<u32>(crc32Tables + ((entry - 256) << 2))
  store<u32>(crc32Tables + (entry << 2), (before32 >> 8) ^ load<u32>(crc32Tables + ((before32 & 0xff) << 2)))
}

/** Makes room for so many bytes. @returns where they go */
export function reserve(bytes: usize): usize {
  const needed = input + bytes
  const has = (memory.size() as usize) * PAGE_BYTES
  if (needed > has) memory.grow(((needed - has) / PAGE_BYTES + 1) as i32)
  return input
}

@inline
function look16(slice: usize, word: u64, byte: i32): u32 {
  return load<u16>(crc16Tables + (slice << 9) + (((word >> (byte << 3)) & 0xff) as usize << 1)) as u32
}

/** CRC-16 of the bytes put where {@link reserve} said, on from `crc`. @source RFC 9639 §9.3 */
export function crc16(bytes: usize, start: u32): u32 {
  let crc = bswap<u16>(start as u16) as u32
  let at = input
  const end = input + bytes
  for (; at + 16 <= end; at += 16) {
    const one = load<u64>(at)
    const two = load<u64>(at, 8)
    const met = one ^ (crc as u64)
    // what waits for the step before comes last
    const rest =
      look16(7, two, 0) ^ look16(6, two, 1) ^ look16(5, two, 2) ^ look16(4, two, 3) ^
      look16(3, two, 4) ^ look16(2, two, 5) ^ look16(1, two, 6) ^ look16(0, two, 7) ^
      look16(13, one, 2) ^ look16(12, one, 3) ^ look16(11, one, 4) ^ look16(10, one, 5) ^ look16(9, one, 6) ^ look16(8, one, 7)
    crc = rest ^ look16(15, met, 0) ^ look16(14, met, 1)
  }
  for (; at < end; at++) crc = (crc >> 8) ^ load<u16>(crc16Tables + (((crc ^ load<u8>(at)) & 0xff) << 1))
  return bswap<u16>(crc as u16)
}

@inline
function look32(slice: usize, word: u64, byte: i32): u32 {
  return load<u32>(crc32Tables + (slice << 10) + (((word >> (byte << 3)) & 0xff) as usize << 2))
}

/** CRC-32 of Ogg pages over the bytes put where {@link reserve} said, on from `crc`. @source RFC 3533 §6 */
export function crc32(bytes: usize, start: u32): u32 {
  let crc = bswap<u32>(start)
  let at = input
  const end = input + bytes
  for (; at + 16 <= end; at += 16) {
    const one = load<u64>(at)
    const two = load<u64>(at, 8)
    const met = one ^ (crc as u64)
    // what waits for the step before comes last
    const rest =
      look32(7, two, 0) ^ look32(6, two, 1) ^ look32(5, two, 2) ^ look32(4, two, 3) ^
      look32(3, two, 4) ^ look32(2, two, 5) ^ look32(1, two, 6) ^ look32(0, two, 7) ^
      look32(11, one, 4) ^ look32(10, one, 5) ^ look32(9, one, 6) ^ look32(8, one, 7)
    crc = rest ^ look32(15, met, 0) ^ look32(14, met, 1) ^ look32(13, met, 2) ^ look32(12, met, 3)
  }
  for (; at < end; at++) crc = (crc >> 8) ^ load<u32>(crc32Tables + (((crc ^ load<u8>(at)) & 0xff) << 2))
  return bswap<u32>(crc)
}
