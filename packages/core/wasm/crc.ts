// CRC-16 and CRC-32 of bytes that the caller puts into memory.
import { crc16Between, crc16ReflectedBetween } from './lib/crc16'
import { crc32Between } from './lib/crc32'
import { growTo } from './lib/room'

const input: usize = (__heap_base + 15) & ~15

/** Makes room for so many bytes. @returns where they go */
export function reserve(bytes: usize): usize {
  growTo(input + bytes)
  return input
}

/** CRC-16 of the bytes put where {@link reserve} said, on from `crc`. */
export function crc16(bytes: usize, crc: u32): u32 {
  return crc16Between(input, input + bytes, crc)
}

/** CRC-16/ARC of the bytes put where {@link reserve} said, on from `crc`. */
export function crc16Reflected(bytes: usize, crc: u32): u32 {
  return crc16ReflectedBetween(input, input + bytes, crc)
}

/** CRC-32 of the bytes put where {@link reserve} said, on from `crc`. */
export function crc32(bytes: usize, crc: u32): u32 {
  return crc32Between(input, input + bytes, crc)
}
