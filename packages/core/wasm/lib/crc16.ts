import { crcBetween, makeTables } from './crc'

const tables: usize = memory.data(16 * 256 * 2)
makeTables<u16>(tables, 0x8005)

/** CRC-16 of the bytes from `start` up to `end`, on from `crc`. @source RFC 9639 §9.3 */
export function crc16Between(start: usize, end: usize, crc: u32): u32 {
  return crcBetween<u16>(tables, start, end, crc)
}
