/** Zero bytes behind the bits, so that two whole words can be read wherever the next bit is. */
export const PADDING_BYTES = 32

/** Address of the 64-bit word with the next bit, and how many of its bits are read: 0 to 63. */
let word: usize = 0
let used: i64 = 0
let first: usize = 0
/** The first word of padding: the next bit is never behind it. */
let last: usize = 0
let exhausted = false

/**
 * Opens `bytes` bytes at `start`, a multiple of 8, for reading most significant bit first. Turns them into words in the machine's
 * order, in place: they are spoiled for anything else. Behind them {@link PADDING_BYTES} are cleared.
 */
export function openBits(start: usize, bytes: i32): void {
  const end = start + bytes
  v128.store(end, i8x16.splat(0))
  v128.store(end, i8x16.splat(0), 16)
  for (let at = start; at < end; at += 16) {
    v128.store(at, v128.shuffle<i8>(v128.load(at), v128.load(at), 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8))
  }
  first = start
  last = (end + 7) & ~7
  exhausted = false
  moveTo(start, 0)
}

/** Address of the word with the next bit. */
@inline
export function wordAddress(): usize {
  return word
}

/** How many bits of that word are read. */
@inline
export function bitsUsed(): i64 {
  return used
}

/** Reads on from another place, inside the words. */
@inline
export function moveTo(address: usize, bits: i64): void {
  word = address
  used = bits
}

/** The first word behind the bits. */
@inline
export function lastWord(): usize {
  return last
}

/** Whether more bits were read than there are in whole words. */
@inline
export function isExhausted(): bool {
  return exhausted
}

/** How many bits are read. */
@inline
export function bitsRead(): i64 {
  return ((word - first) as i64) * 8 + used
}

/** The next 64 bits. */
@inline
function ahead(): u64 {
  return (load<u64>(word) << used) | ((load<u64>(word, 8) >> 1) >> (63 - used))
}

/** Goes on by 0 to 64 bits. */
export function skip(count: i64): void {
  used += count
  if (used < 64) return
  used -= 64
  word += 8
  if (word <= last) return
  word = last
  exhausted = true
}

/** The next `count` bits, 0 to 64, unsigned. */
export function unsigned(count: i64): u64 {
  if (count === 0) return 0
  const value = ahead() >> (64 - count)
  skip(count)
  return value
}

/** The next `count` bits, 1 to 64, as two's complement. */
export function signed(count: i64): i64 {
  const value = (ahead() as i64) >> (64 - count)
  skip(count)
  return value
}

/** How many zeros come before the next one; the one is read too. */
export function unary(): i64 {
  let zeros: i64 = 0
  while (!exhausted) {
    const bits = ahead()
    if (bits !== 0) {
      const count = clz(bits) as i64
      skip(count + 1)
      return zeros + count
    }
    skip(64)
    zeros += 64
  }
  return zeros
}
