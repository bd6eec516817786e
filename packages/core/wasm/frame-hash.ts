// 64 bits over every byte of each of many frames, which the caller puts into memory: first where they begin and end, then the bytes.
import { growTo } from './lib/room'

const WORD_BYTES: usize = 16
const RANGE_BYTES: usize = 8
const input: usize = (__heap_base + 15) & ~15
/** Ones, and zeros behind them: from byte `16 - n` on n bytes of ones. */
const mask: usize = memory.data(2 * 16, 16)
memory.fill(mask, 0xff, WORD_BYTES)

/** Odd numbers with well spread bits, from xxHash and MurmurHash3. */
const PRIME_A: i32 = 0x9e3779b1
const PRIME_B: i32 = 0x85ebca77
const PRIME_C: i32 = 0xc2b2ae3d
const PRIME_D: i32 = 0x27d4eb2f
const FINAL_A: i32 = 0x85ebca6b
const FINAL_B: i32 = 0xc2b2ae35

/** Makes room for so many frames and bytes. @returns where the ranges of the frames go; the bytes go behind them */
export function reserve(frames: usize, bytes: usize): usize {
  growTo(input + frames * RANGE_BYTES + bytes + WORD_BYTES)
  return input
}

/** One word more; can be undone, so that two texts which differ in a single word never have the same sum. */
@inline
function take(sum: v128, word: v128): v128 {
  const met = i32x4.mul(v128.xor(sum, word), i32x4(PRIME_A, PRIME_B, PRIME_C, PRIME_D))
  return v128.xor(met, i32x4.shr_u(met, 15))
}

function avalanche(hash: i32): i32 {
  let mixed = hash ^ ((hash as u32) >> 16)
  mixed *= FINAL_A
  mixed ^= (mixed as u32) >> 13
  mixed *= FINAL_B
  return mixed ^ ((mixed as u32) >> 16)
}

/** Puts the two halves of each frame's hash where its range stood. */
export function hashFrames(frames: usize, seed: i32): void {
  const bytes = input + frames * RANGE_BYTES
  for (let range = input; range < bytes; range += RANGE_BYTES) {
    let at = bytes + (load<u32>(range) as usize)
    const end = bytes + (load<u32>(range, 4) as usize)
    // four sums that need not wait for each other
    let one = i32x4(seed, seed ^ PRIME_B, seed ^ PRIME_C, seed ^ ((end - at) as i32))
    let two = i32x4.splat(PRIME_B)
    let three = i32x4.splat(PRIME_C)
    let four = i32x4.splat(PRIME_D)
    for (; at + 4 * WORD_BYTES <= end; at += 4 * WORD_BYTES) {
      one = take(one, v128.load(at))
      two = take(two, v128.load(at, 16))
      three = take(three, v128.load(at, 32))
      four = take(four, v128.load(at, 48))
    }
    for (; at + WORD_BYTES <= end; at += WORD_BYTES) {
      const first = one
      one = two
      two = three
      three = four
      four = take(first, v128.load(at))
    }
    // what stands behind the frame is none of it
    if (at < end) one = take(one, v128.and(v128.load(at), v128.load(mask + (WORD_BYTES - (end - at)))))
    // the first one step ahead: the same change in two words of different sums is not to cancel out
    const sum = take(take(take(take(one, i32x4.splat(0)), two), three), four)
    const a = i32x4.extract_lane(sum, 0)
    const b = i32x4.extract_lane(sum, 1)
    const c = i32x4.extract_lane(sum, 2)
    const d = i32x4.extract_lane(sum, 3)
    store<i32>(range, avalanche(a ^ (b * 5) ^ (c * 9) ^ (d * 17)))
    store<i32>(range, avalanche(a * PRIME_B + b * PRIME_C + c * PRIME_D + d * PRIME_A), 4)
  }
}
