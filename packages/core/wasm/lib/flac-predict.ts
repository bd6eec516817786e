import { bitsUsed, isExhausted, lastWord, moveTo, signed, skip, unsigned, wordAddress } from './bits'
import { coefficient, order, shift } from './flac-head'
import { escape, parameterBits, partitionSize, readRice, unfold } from './flac-residual'

/** How far before a sample the coefficients with locals of their own reach: as many as the streamable subset has at 48 kHz. */
const TAPS = 12
/** Where the new sample and the one before stand, from the address that loops count with: offsets must be constants. */
const NEW = TAPS * 4
const LATEST = NEW - 4

/**
 * Reads the residuals of a subframe and turns them into samples behind its warm-up samples at `plane`, of type T. Sums have 64 bits:
 * 33-bit samples, 15-bit coefficients and 32 of them take 53.
 * @returns false when the bits end
 */
export function predictPlane<T>(plane: usize, blockSize: i32): bool {
  let from = order
  for (let to = partitionSize; to <= blockSize; to += partitionSize) {
    const parameter = unsigned(parameterBits) as i64
    if (!predictPartition<T>(plane, from, to, parameter)) return false
    from = to
  }
  return true
}

/** The general case: every order, every type, escaped partitions too. */
function predictPartition<T>(plane: usize, from: i32, to: i32, parameter: i64): bool {
  const isEscaped = parameter === escape
  const width = isEscaped ? (unsigned(5) as i64) : 0
  const size = sizeof<T>() as usize
  let at = plane + (from as usize) * size
  for (let index = from; index < to && !isExhausted(); index++, at += size) {
    const residual = !isEscaped ? readRice(parameter) : width > 0 ? signed(width) : 0
    let sum: i64 = 0
    for (let distance = 0; distance < order; distance++) {
      sum += coefficient(distance) * (load<T>(at - ((distance as usize) + 1) * size) as i64)
    }
    store<T>(at, ((sum >> shift) + residual) as T)
  }
  return !isExhausted()
}

/**
 * The same for 32-bit samples and one ORDER that the compiler knows, or any above {@link TAPS}. The work of every sample is one loop: finding where a code ends
 * waits for the code before, and the multiplications run meanwhile.
 */
@inline
function predictOrder(ORDER: i32, plane: usize, blockSize: i32): bool {
  const q0 = ORDER > 0 ? coefficient(0) : 0
  const q1 = ORDER > 1 ? coefficient(1) : 0
  const q2 = ORDER > 2 ? coefficient(2) : 0
  const q3 = ORDER > 3 ? coefficient(3) : 0
  const q4 = ORDER > 4 ? coefficient(4) : 0
  const q5 = ORDER > 5 ? coefficient(5) : 0
  const q6 = ORDER > 6 ? coefficient(6) : 0
  const q7 = ORDER > 7 ? coefficient(7) : 0
  const q8 = ORDER > 8 ? coefficient(8) : 0
  const q9 = ORDER > 9 ? coefficient(9) : 0
  const q10 = ORDER > 10 ? coefficient(10) : 0
  const q11 = ORDER > 11 ? coefficient(11) : 0
  const right = shift
  const start = plane - NEW
  const end = start + ((blockSize as usize) << 2)
  const end64 = lastWord()
  const step = (partitionSize as usize) << 2
  let at = start + ((order as usize) << 2)
  let latest: i64 = ORDER > 0 ? (load<i32>(at, LATEST) as i64) : 0
  for (let stop = start + step; stop <= end; stop += step) {
    const parameter = unsigned(parameterBits) as i64
    if (parameter === escape) {
      const from = ((at - start) >> 2) as i32
      if (!predictPartition<i32>(plane, from, ((stop - start) >> 2) as i32, parameter)) return false
      at = stop
      if (ORDER > 0) latest = load<i32>(at, LATEST) as i64
      continue
    }
    const low = 63 - parameter
    const more = parameter + 1
    let word = wordAddress()
    // bits of the word that are not read yet, at the top, and how many
    let left = 64 - bitsUsed()
    let bits = load<u64>(word) << (64 - left)
    while (at < stop) {
      let quotient = clz(bits) as i64
      let residual: i64
      const length = quotient + more
      if (length < left) {
        residual = unfold(((quotient - 1) << parameter) + (((bits << quotient) >> low) as i64))
        bits = bits << length
        left -= length
      } else {
        // the code goes on in the next word, or even beyond that
        const next = load<u64>(word, 8)
        const both = bits | (next >> left)
        quotient = clz(both) as i64
        if (left < 64 && quotient + more < 64) {
          word += 8
          if (word > end64) return false
          residual = unfold(((quotient - 1) << parameter) + (((both << quotient) >> low) as i64))
          left += 64 - quotient - more
          bits = next << (64 - left)
        } else {
          moveTo(word, 0)
          skip(64 - left)
          residual = readRice(parameter)
          if (isExhausted()) return false
          word = wordAddress()
          left = 64 - bitsUsed()
          bits = load<u64>(word) << (64 - left)
        }
      }
      let sum: i64 = 0
      if (ORDER > TAPS) {
        // by four: behind the last coefficient are zeros, and something can be read before the first sample
        for (let distance = TAPS; distance < order; distance += 4) {
          const back = at + (NEW - 16) - ((distance as usize) << 2)
          sum +=
            coefficient(distance) * (load<i32>(back, 12) as i64) +
            coefficient(distance + 1) * (load<i32>(back, 8) as i64) +
            (coefficient(distance + 2) * (load<i32>(back, 4) as i64) + coefficient(distance + 3) * (load<i32>(back) as i64))
        }
      }
      if (ORDER > 11) sum += q11 * (load<i32>(at, NEW - 48) as i64)
      if (ORDER > 10) sum += q10 * (load<i32>(at, NEW - 44) as i64)
      if (ORDER > 9) sum += q9 * (load<i32>(at, NEW - 40) as i64)
      if (ORDER > 8) sum += q8 * (load<i32>(at, NEW - 36) as i64)
      if (ORDER > 7) sum += q7 * (load<i32>(at, NEW - 32) as i64)
      if (ORDER > 6) sum += q6 * (load<i32>(at, NEW - 28) as i64)
      if (ORDER > 5) sum += q5 * (load<i32>(at, NEW - 24) as i64)
      if (ORDER > 4) sum += q4 * (load<i32>(at, NEW - 20) as i64)
      if (ORDER > 3) sum += q3 * (load<i32>(at, NEW - 16) as i64)
      if (ORDER > 2) sum += q2 * (load<i32>(at, NEW - 12) as i64)
      if (ORDER > 1) sum += q1 * (load<i32>(at, NEW - 8) as i64)
      if (ORDER > 0) latest = ((sum + q0 * latest) >> right) + residual
      else latest = residual
      store<i32>(at, latest as i32, NEW)
      at += 4
    }
    moveTo(word, 0)
    skip(64 - left)
  }
  return true
}

function predict0(plane: usize, blockSize: i32): bool { return predictOrder(0, plane, blockSize) }
function predict1(plane: usize, blockSize: i32): bool { return predictOrder(1, plane, blockSize) }
function predict2(plane: usize, blockSize: i32): bool { return predictOrder(2, plane, blockSize) }
function predict3(plane: usize, blockSize: i32): bool { return predictOrder(3, plane, blockSize) }
function predict4(plane: usize, blockSize: i32): bool { return predictOrder(4, plane, blockSize) }
function predict5(plane: usize, blockSize: i32): bool { return predictOrder(5, plane, blockSize) }
function predict6(plane: usize, blockSize: i32): bool { return predictOrder(6, plane, blockSize) }
function predict7(plane: usize, blockSize: i32): bool { return predictOrder(7, plane, blockSize) }
function predict8(plane: usize, blockSize: i32): bool { return predictOrder(8, plane, blockSize) }
function predict9(plane: usize, blockSize: i32): bool { return predictOrder(9, plane, blockSize) }
function predict10(plane: usize, blockSize: i32): bool { return predictOrder(10, plane, blockSize) }
function predict11(plane: usize, blockSize: i32): bool { return predictOrder(11, plane, blockSize) }
function predict12(plane: usize, blockSize: i32): bool { return predictOrder(12, plane, blockSize) }
function predict32(plane: usize, blockSize: i32): bool { return predictOrder(32, plane, blockSize) }

/** {@link predictPlane} for samples of up to 32 bits: by order. */
export function predictNarrow(plane: usize, blockSize: i32): bool {
  switch (order) {
    case 0: return predict0(plane, blockSize)
    case 1: return predict1(plane, blockSize)
    case 2: return predict2(plane, blockSize)
    case 3: return predict3(plane, blockSize)
    case 4: return predict4(plane, blockSize)
    case 5: return predict5(plane, blockSize)
    case 6: return predict6(plane, blockSize)
    case 7: return predict7(plane, blockSize)
    case 8: return predict8(plane, blockSize)
    case 9: return predict9(plane, blockSize)
    case 10: return predict10(plane, blockSize)
    case 11: return predict11(plane, blockSize)
    case 12: return predict12(plane, blockSize)
    default: return predict32(plane, blockSize)
  }
}
