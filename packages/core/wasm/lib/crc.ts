// A CRC of 16 or 32 bits, sixteen bytes a step. With the most significant bit first, register and tables are kept with their bytes
// swapped: then they meet the bytes of a word as it is loaded. In the reflected form they do so as they are.

const SLICES = 16

/** Fills the tables, most significant bit first. */
export function makeTables<T>(tables: usize, polynomial: u32): void {
  const bits = (sizeof<T>() as u32) << 3
  for (let byte: u32 = 0; byte < 256; byte++) {
    let value = byte << (bits - 8)
    for (let bit = 0; bit < 8; bit++) value = ((value >> (bits - 1)) & 1) !== 0 ? (value << 1) ^ polynomial : value << 1
    store<T>(tables + byte * sizeof<T>(), bswap<T>(value as T))
  }
  makeSlices<T>(tables)
}

/** Fills the tables of the reflected form; so is `polynomial`. */
export function makeReflectedTables<T>(tables: usize, polynomial: u32): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = (value & 1) !== 0 ? (value >> 1) ^ polynomial : value >> 1
    store<T>(tables + byte * sizeof<T>(), value as T)
  }
  makeSlices<T>(tables)
}

function makeSlices<T>(tables: usize): void {
  // the table of a slice: what a byte with so many zeros behind it does
  for (let entry: usize = 256; entry < (SLICES * 256 as usize); entry++) {
    const before = load<T>(tables + (entry - 256) * sizeof<T>()) as u32
    const after = load<T>(tables + (before & 0xff) * sizeof<T>()) as u32
    store<T>(tables + entry * sizeof<T>(), ((before >> 8) ^ after) as T)
  }
}

@inline
function look<T>(tables: usize, slice: usize, word: u64, byte: i32): u32 {
  const entry = ((word >> (byte << 3)) & 0xff) as usize
  return load<T>(tables + (slice * 256 + entry) * sizeof<T>()) as u32
}

/** CRC of the bytes from `start` up to `end`, on from `from`; most significant bit first. */
@inline
export function crcBetween<T>(tables: usize, start: usize, end: usize, from: u32): u32 {
  return bswap<T>(crcAsLoaded<T>(tables, start, end, bswap<T>(from as T) as u32) as T) as u32
}

/** The same with a register that is kept as its tables are; in the reflected form it is the CRC. */
@inline
export function crcAsLoaded<T>(tables: usize, start: usize, end: usize, from: u32): u32 {
  let crc = from
  let at = start
  for (; at + 16 <= end; at += 16) {
    const one = load<u64>(at)
    const two = load<u64>(at, 8)
    const met = one ^ (crc as u64)
    // a register of 16 bits meets two bytes only, so two fewer wait for the step before; what waits comes last
    const third = sizeof<T>() === 2 ? one : met
    const rest =
      look<T>(tables, 7, two, 0) ^ look<T>(tables, 6, two, 1) ^ look<T>(tables, 5, two, 2) ^ look<T>(tables, 4, two, 3) ^
      look<T>(tables, 3, two, 4) ^ look<T>(tables, 2, two, 5) ^ look<T>(tables, 1, two, 6) ^ look<T>(tables, 0, two, 7) ^
      look<T>(tables, 11, one, 4) ^ look<T>(tables, 10, one, 5) ^ look<T>(tables, 9, one, 6) ^ look<T>(tables, 8, one, 7) ^
      look<T>(tables, 13, third, 2) ^ look<T>(tables, 12, third, 3)
    crc = rest ^ look<T>(tables, 15, met, 0) ^ look<T>(tables, 14, met, 1)
  }
  for (; at < end; at++) crc = (crc >> 8) ^ (load<T>(tables + ((crc ^ load<u8>(at)) & 0xff) * sizeof<T>()) as u32)
  return crc
}
