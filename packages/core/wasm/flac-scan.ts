// Looks for the places in a stream of FLAC where frames and heads may begin, and sums up what lies between them.
import { crc16Between } from './lib/crc16'
import { growTo } from './lib/room'

/** Bytes behind the last that are looked at with it. */
const PADDING_BYTES: usize = 32
/** `fLaC` as a number, the first byte the lowest. */
const MAGIC = 0x43614c66

const input: usize = (__heap_base + 15) & ~15

/** Makes room for so many bytes, and clears those behind. @returns where they go */
export function reserve(bytes: usize): usize {
  growTo(input + bytes + PADDING_BYTES)
  memory.fill(input + bytes, 0, PADDING_BYTES)
  return input
}

/**
 * The first place from `from` on where the sync code of a frame or the magic of a stream begins; `end` when there is none before.
 * @source RFC 9639 §6, §9.1
 */
export function next(from: usize, end: usize): usize {
  const stop = input + end
  for (let at = input + from; at < stop; at += 16) {
    const one = v128.load(at)
    const two = v128.load(at, 1)
    const sync = v128.and(
      i8x16.eq(one, i8x16.splat(-1)),
      i8x16.eq(v128.and(two, i8x16.splat(-2)), i8x16.splat(-8)),
    )
    const magic = v128.and(i8x16.eq(one, i8x16.splat(0x66)), i8x16.eq(two, i8x16.splat(0x4c)))
    for (let found = i8x16.bitmask(v128.or(sync, magic)); found !== 0; found &= found - 1) {
      const place = at + ctz(found)
      if (place >= stop) return end
      if (load<u8>(place) === 0xff || load<u32>(place) === MAGIC) return place - input
    }
  }
  return end
}

/** CRC-16 of the bytes from `from` up to `to`, on from `crc`. */
export function crc16(from: usize, to: usize, crc: u32): u32 {
  return crc16Between(input + from, input + to, crc)
}
