/** Most coefficients that a linear predictor has. */
export const MAX_LPC_ORDER = 32

/**
 * Turns the residuals of a linear predictor into samples, in place, in wrapping 32-bit arithmetic.
 * Exact while every prediction times 2^shift fits 32 bits signed, however far the sum strays on its way there.
 * The last samples and the coefficients live in local variables, `| 0` says that they are integers: a loop over arrays takes five
 * times as long.
 * @param coefficients - `order` of them, then zeros up to {@link MAX_LPC_ORDER}; the first belongs to the latest sample
 * @source RFC 9639 §9.2.6
 */
export function restoreLpc(s: Int32Array, coefficients: Int32Array, order: number, shift: number, end: number): void {
  if (order <= 8) restore8(s, coefficients, order, shift, end)
  else restore12(s, coefficients, order, shift, end)
}

function restore8(s: Int32Array, q: Int32Array, order: number, shift: number, end: number): void {
  const before = (distance: number) => (distance <= order ? s[order - distance] : 0)
  const q0 = q[0] | 0,
    q1 = q[1] | 0,
    q2 = q[2] | 0,
    q3 = q[3] | 0
  const q4 = q[4] | 0,
    q5 = q[5] | 0,
    q6 = q[6] | 0,
    q7 = q[7] | 0
  let a = before(1) | 0,
    b = before(2) | 0,
    c = before(3) | 0,
    d = before(4) | 0
  let e = before(5) | 0,
    f = before(6) | 0,
    g = before(7) | 0,
    h = before(8) | 0
  for (let i = order; i < end; i++) {
    let sum = Math.imul(q7, h)
    sum = (sum + Math.imul(q6, g)) | 0
    h = g
    sum = (sum + Math.imul(q5, f)) | 0
    g = f
    sum = (sum + Math.imul(q4, e)) | 0
    f = e
    sum = (sum + Math.imul(q3, d)) | 0
    e = d
    sum = (sum + Math.imul(q2, c)) | 0
    d = c
    sum = (sum + Math.imul(q1, b)) | 0
    c = b
    sum = (sum + Math.imul(q0, a)) | 0
    b = a
    s[i] = a = (s[i] + (sum >> shift)) | 0
  }
}

/** Twelve coefficients in local variables, the rare rest (beyond the streamable subset at up to 48 kHz) in a loop. */
function restore12(s: Int32Array, q: Int32Array, order: number, shift: number, end: number): void {
  const before = (distance: number) => (distance <= order ? s[order - distance] : 0)
  const q0 = q[0] | 0,
    q1 = q[1] | 0,
    q2 = q[2] | 0,
    q3 = q[3] | 0
  const q4 = q[4] | 0,
    q5 = q[5] | 0,
    q6 = q[6] | 0,
    q7 = q[7] | 0
  const q8 = q[8] | 0,
    q9 = q[9] | 0,
    q10 = q[10] | 0,
    q11 = q[11] | 0
  let a = before(1) | 0,
    b = before(2) | 0,
    c = before(3) | 0,
    d = before(4) | 0
  let e = before(5) | 0,
    f = before(6) | 0,
    g = before(7) | 0,
    h = before(8) | 0
  let j = before(9) | 0,
    k = before(10) | 0,
    l = before(11) | 0,
    m = before(12) | 0
  for (let i = order; i < end; i++) {
    let sum = 0
    for (let tap = 12; tap < order; tap++) sum = (sum + Math.imul(q[tap], s[i - 1 - tap])) | 0
    sum = (sum + Math.imul(q11, m)) | 0
    sum = (sum + Math.imul(q10, l)) | 0
    m = l
    sum = (sum + Math.imul(q9, k)) | 0
    l = k
    sum = (sum + Math.imul(q8, j)) | 0
    k = j
    sum = (sum + Math.imul(q7, h)) | 0
    j = h
    sum = (sum + Math.imul(q6, g)) | 0
    h = g
    sum = (sum + Math.imul(q5, f)) | 0
    g = f
    sum = (sum + Math.imul(q4, e)) | 0
    f = e
    sum = (sum + Math.imul(q3, d)) | 0
    e = d
    sum = (sum + Math.imul(q2, c)) | 0
    d = c
    sum = (sum + Math.imul(q1, b)) | 0
    c = b
    sum = (sum + Math.imul(q0, a)) | 0
    b = a
    s[i] = a = (s[i] + (sum >> shift)) | 0
  }
}

/**
 * The same in doubles, for samples and coefficients whose sums pass 32 bits: 33 + 15 + 5 bits are exact in a double.
 * @param residuals - read from `order` on; may be `s` itself
 */
export function restoreLpcWide(
  s: Int32Array | Float64Array,
  residuals: Int32Array,
  coefficients: Int32Array,
  order: number,
  shift: number,
  end: number,
): void {
  const scale = 2 ** -shift
  const q = Float64Array.from(coefficients, (value) => value * scale)
  const before = (distance: number) => (distance <= order ? s[order - distance] : 0)
  const q0 = q[0],
    q1 = q[1],
    q2 = q[2],
    q3 = q[3]
  const q4 = q[4],
    q5 = q[5],
    q6 = q[6],
    q7 = q[7]
  let a = +before(1),
    b = +before(2),
    c = +before(3),
    d = +before(4)
  let e = +before(5),
    f = +before(6),
    g = +before(7),
    h = +before(8)
  for (let i = order; i < end; i++) {
    let sum = 0
    for (let tap = 8; tap < order; tap++) sum += q[tap] * s[i - 1 - tap]
    const late = q0 * a + q1 * b + (q2 * c + q3 * d)
    const early = q4 * e + q5 * f + (q6 * g + q7 * h)
    h = g
    g = f
    f = e
    e = d
    d = c
    c = b
    b = a
    s[i] = a = residuals[i] + Math.floor(sum + early + late)
  }
}
