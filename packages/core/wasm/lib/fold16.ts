// The polynomial of CRC-16, P(x) = x^16 + x^15 + x^2 + 1, has coefficients of one bit, so P(x)^128 = P(x^128): modulo P a word of 128 bits,
// sixteen places before the end, is the same as that word one, fourteen and sixteen places further on. So a long text becomes one of
// sixteen words with three XORs a word, whichever bit of a byte is the first.

const WORDS: i32 = 16
/** What a text is folded to. */
export const FOLD_BYTES: usize = (WORDS as usize) * 16
/** Where {@link foldBlocks} puts it. */
export const foldTo: usize = memory.data(WORDS * 16, 16)
/** Each word with all that was folded onto it. */
const ring: usize = memory.data(WORDS * 16, 16)

@inline
function word(at: usize, index: i32): v128 {
  return v128.load(at + (((index & (WORDS - 1)) << 4) as usize))
}

/** One word on: `before` is the word before it. */
@inline
function fold(at: usize, index: i32, before: v128): v128 {
  const met = v128.xor(v128.xor(word(at, index), before), v128.xor(word(ring, index), word(ring, index + 2)))
  v128.store(ring + ((index << 4) as usize), met)
  return met
}

/**
 * Folds whole blocks from `start`, at least two of which lie before `end`, on from the register `crc` as it meets the bytes.
 * @returns where the last block begins, onto which all before it was folded
 */
export function foldBlocks(start: usize, end: usize, crc: u32): usize {
  const last = start + ((end - start) / FOLD_BYTES - 1) * FOLD_BYTES
  memory.fill(ring, 0, FOLD_BYTES)
  // the register meets the first two bytes; as the last word of a block before, it is folded one place on
  let before = i16x8.replace_lane(i16x8.splat(0), 0, crc as i16)
  for (let at = start; at < last; at += FOLD_BYTES) {
    before = fold(at, 0, before)
    before = fold(at, 1, before)
    before = fold(at, 2, before)
    before = fold(at, 3, before)
    before = fold(at, 4, before)
    before = fold(at, 5, before)
    before = fold(at, 6, before)
    before = fold(at, 7, before)
    before = fold(at, 8, before)
    before = fold(at, 9, before)
    before = fold(at, 10, before)
    before = fold(at, 11, before)
    before = fold(at, 12, before)
    before = fold(at, 13, before)
    before = fold(at, 14, before)
    before = fold(at, 15, before)
  }
  for (let index = 0; index < WORDS; index++) {
    let met = v128.xor(word(last, index), word(ring, index))
    if (index < WORDS - 2) met = v128.xor(met, word(ring, index + 2))
    if (index === 0) met = v128.xor(met, before)
    v128.store(foldTo + ((index << 4) as usize), met)
  }
  return last
}
