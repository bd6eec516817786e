import { isExhausted, signed, unary, unsigned } from './bits'

export const CONSTANT = 0
export const VERBATIM = 1
export const FIXED = 2
export const LINEAR = 3
const MAX_ORDER = 32

/** Coefficients of the predictor as i64, the first for the latest sample. Behind those of a linear one three are 0. */
const coefficients: usize = memory.data((MAX_ORDER + 3) * 8)

/** What the head of a subframe says. */
export let kind: i32 = 0
export let order: i32 = 0
export let shift: i64 = 0
/** Bits per sample less the wasted ones. */
export let width: i64 = 0
export let wastedBits: i64 = 0

/** The coefficient of the sample that is `distance` + 1 back. */
@inline
export function coefficient(distance: i32): i64 {
  return load<i64>(coefficients + (distance << 3))
}

@inline
function setCoefficient(distance: i32, value: i64): void {
  store<i64>(coefficients + (distance << 3), value)
}

/**
 * Reads the head of a subframe of `bitsPerSample` bits, 1 to 33.
 * @returns false when it is reserved or cannot be true
 * @source RFC 9639 §9.2.1, §9.2.2
 */
export function readHead(bitsPerSample: i64): bool {
  const head = unsigned(8) as i32
  wastedBits = (head & 1) === 0 ? 0 : unary() + 1
  width = bitsPerSample - wastedBits
  if (width <= 0) return false
  const code = head >> 1
  order = 0
  if (code === 0) kind = CONSTANT
  else if (code === 1) kind = VERBATIM
  else if (code >= 8 && code <= 12) {
    kind = FIXED
    order = code - 8
    setFixed()
  } else if (code >= 32 && code < 64) {
    kind = LINEAR
    order = code - 31
  } else return false
  return !isExhausted()
}

/** A fixed predictor is a linear one of these coefficients. @source RFC 9639 §9.2.5 */
function setFixed(): void {
  shift = 0
  if (order === 1) setCoefficient(0, 1)
  else if (order === 2) {
    setCoefficient(0, 2)
    setCoefficient(1, -1)
  } else if (order === 3) {
    setCoefficient(0, 3)
    setCoefficient(1, -3)
    setCoefficient(2, 1)
  } else if (order === 4) {
    setCoefficient(0, 4)
    setCoefficient(1, -6)
    setCoefficient(2, 4)
    setCoefficient(3, -1)
  }
}

/**
 * Reads what stands behind the warm-up samples of a linear predictor.
 * @returns false when it is reserved
 * @source RFC 9639 §9.2.6
 */
export function readLinear(): bool {
  const precision = (unsigned(4) + 1) as i64
  shift = signed(5)
  if (precision > 15 || shift < 0) return false
  for (let distance = 0; distance < order; distance++) setCoefficient(distance, signed(precision))
  for (let distance = order; distance < order + 3; distance++) setCoefficient(distance, 0)
  return true
}
