import { crcBetween, makeTables } from './crc'

const tables: usize = memory.data(16 * 256 * 4)
makeTables<u32>(tables, 0x04c11db7)

/** CRC-32 of the bytes of an Ogg page from `start` up to `end`, on from `crc`. @source RFC 3533 §6 */
export function crc32Between(start: usize, end: usize, crc: u32): u32 {
  return crcBetween<u32>(tables, start, end, crc)
}
