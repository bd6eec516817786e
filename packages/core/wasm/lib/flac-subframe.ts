import { isExhausted, signed, skip } from './bits'
import { CONSTANT, kind, LINEAR, order, readHead, readLinear, VERBATIM, wastedBits, width } from './flac-head'
import { predictNarrow, predictPlane } from './flac-predict'
import { partitionSize, readResidualHead, skipPartition } from './flac-residual'

/**
 * Decodes a subframe into `blockSize` samples of type T at `plane`: i64 where they have more than 32 bits.
 * @returns false when it breaks the rules or the bits end
 * @source RFC 9639 §9.2
 */
export function decodeSubframe<T>(plane: usize, blockSize: i32, bitsPerSample: i64): bool {
  if (!readHead(bitsPerSample)) return false
  const size = sizeof<T>() as usize
  const end = plane + (blockSize as usize) * size
  if (kind === CONSTANT) {
    const value = signed(width) as T
    for (let at = plane; at < end; at += size) store<T>(at, value)
  } else if (kind === VERBATIM) {
    for (let at = plane; at < end && !isExhausted(); at += size) store<T>(at, signed(width) as T)
  } else {
    if (order > blockSize) return false
    const warm = plane + (order as usize) * size
    for (let at = plane; at < warm; at += size) store<T>(at, signed(width) as T)
    if (kind === LINEAR && !readLinear()) return false
    if (!readResidualHead(order, blockSize)) return false
    const whole = sizeof<T>() === 4 ? predictNarrow(plane, blockSize) : predictPlane<T>(plane, blockSize)
    if (!whole) return false
  }
  if (wastedBits > 0) {
    const left = wastedBits as T
    for (let at = plane; at < end; at += size) store<T>(at, load<T>(at) << left)
  }
  return !isExhausted()
}

/** Goes over a subframe: costs what its bits cost, not its samples. @returns false when it breaks the rules or the bits end */
export function skipSubframe(blockSize: i32, bitsPerSample: i64): bool {
  if (!readHead(bitsPerSample)) return false
  if (kind === CONSTANT) skip(width)
  else if (kind === VERBATIM) skipMany(width, blockSize)
  else {
    if (order > blockSize) return false
    skipMany(width, order)
    if (kind === LINEAR && !readLinear()) return false
    if (!readResidualHead(order, blockSize)) return false
    let done = order
    for (let end = partitionSize; end <= blockSize; end += partitionSize) {
      if (!skipPartition(end - done)) return false
      done = end
    }
  }
  return !isExhausted()
}

function skipMany(bits: i64, count: i32): void {
  for (let left = count; left > 0 && !isExhausted(); left--) skip(bits)
}
