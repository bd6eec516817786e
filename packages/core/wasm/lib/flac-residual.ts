import { isExhausted, signed, skip, unary, unsigned } from './bits'

/** The head of a coded residual. */
export let parameterBits: i64 = 0
/** The parameter that says that plain numbers follow. */
export let escape: i64 = 0
/** Samples of a partition, warm-up samples of the first included. */
export let partitionSize: i32 = 0

/**
 * Reads the head of a coded residual.
 * @returns false when it is reserved or its partitions do not fit
 * @source RFC 9639 §9.2.7
 */
export function readResidualHead(order: i32, blockSize: i32): bool {
  const method = unsigned(2) as i32
  if (method > 1) return false
  parameterBits = 4 + method
  escape = (1 << (4 + method)) - 1
  const partitionOrder = unsigned(4) as i32
  partitionSize = blockSize >> partitionOrder
  return partitionSize << partitionOrder === blockSize && partitionSize >= order
}

/** Zero, -1, 1, -2, ... from 0, 1, 2, 3, ... */
@inline
export function unfold(folded: i64): i64 {
  return ((folded as u64) >> 1) ^ -(folded & 1)
}

/** The next residual of a Rice partition, of whatever length its code is. */
export function readRice(parameter: i64): i64 {
  const quotient = unary()
  return unfold((quotient << parameter) | unsigned(parameter))
}

/** Goes over `count` residuals of a partition. @returns false when the bits end */
export function skipPartition(count: i32): bool {
  const parameter = unsigned(parameterBits)
  if (parameter === escape) {
    const width = unsigned(5) as i64
    for (let left = width > 0 ? count : 0; left > 0 && !isExhausted(); left--) skip(width)
  } else {
    for (let left = count; left > 0 && !isExhausted(); left--) {
      unary()
      if (parameter > 0) skip(parameter)
    }
  }
  return !isExhausted()
}
