import { crcAsLoaded, makeReflectedTables, makeTables } from './crc'
import { FOLD_BYTES, foldBlocks, foldTo } from './fold16'

const TABLE_BYTES: i32 = 16 * 256 * 2
const tables: usize = memory.data(TABLE_BYTES)
const reflected: usize = memory.data(TABLE_BYTES)
makeTables<u16>(tables, 0x8005)
makeReflectedTables<u16>(reflected, 0xa001)

/** Below this the tables are as quick. */
const LEAST_FOLDED: usize = 3 * FOLD_BYTES

/** CRC-16 of the bytes from `start` up to `end`, on from `crc`. @source RFC 9639 §9.3 */
export function crc16Between(start: usize, end: usize, crc: u32): u32 {
  return bswap<u16>(crcOf(tables, start, end, bswap<u16>(crc as u16) as u32) as u16) as u32
}

/** CRC-16/ARC, the reflected form, of the bytes from `start` up to `end`, on from `crc`. */
export function crc16ReflectedBetween(start: usize, end: usize, crc: u32): u32 {
  return crcOf(reflected, start, end, crc)
}

function crcOf(tables: usize, start: usize, end: usize, crc: u32): u32 {
  if (end - start < LEAST_FOLDED) return crcAsLoaded<u16>(tables, start, end, crc)
  const last = foldBlocks(start, end, crc)
  // what is left has the same remainder as all before it
  crc = crcAsLoaded<u16>(tables, foldTo, foldTo + FOLD_BYTES, 0)
  return crcAsLoaded<u16>(tables, last + FOLD_BYTES, end, crc)
}
