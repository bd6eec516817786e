/** x has this order modulo the CRC-16 polynomial (x + 1)(x^15 + x + 1). */
const PERIOD = 32767
/** `POWERS[n]` is x^n modulo the polynomial. */
const POWERS = new Uint16Array(PERIOD)
for (let exponent = 0, value = 1; exponent < PERIOD; exponent++) {
  POWERS[exponent] = value
  value = value & 0x8000 ? ((value << 1) ^ 0x8005) & 0xffff : value << 1
}

/** The product of two polynomials modulo the CRC-16 polynomial. */
function multiply(left: number, right: number): number {
  let product = 0
  for (let bit = 15; bit >= 0; bit--) {
    product = product & 0x8000 ? ((product << 1) ^ 0x8005) & 0xffff : product << 1
    if ((right >>> bit) & 1) product ^= left
  }
  return product
}

/**
 * What {@link crc16} becomes after `count` zero bytes; a negative count takes zero bytes back. Constant time.
 * As CRC is linear, `crc16(A + B) = advanceCrc16(crc16(A), B.length) ^ crc16(B)`: a changed header needs no second look at the body.
 */
export function advanceCrc16(crc: number, count: number): number {
  const exponent = ((((count % PERIOD) * 8) % PERIOD) + PERIOD) % PERIOD
  return multiply(crc, POWERS[exponent])
}
