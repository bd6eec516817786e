/** A second-order filter: b0 b1 b2 of the numerator, a1 a2 of the denominator, a0 being 1. */
export type Biquad = readonly [b0: number, b1: number, b2: number, a1: number, a2: number]

const TABLE_RATE_HZ = 48_000
/** The head as a sphere: a shelf of 4 dB. @source ITU-R BS.1770-4 Table 1 */
const SHELF: Biquad = [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585]
/** The revised low-frequency B curve. @source ITU-R BS.1770-4 Table 2 */
const HIGH_PASS: Biquad = [1, -2, 1, -1.99004745483398, 0.99007225036621]
/** Where the shelf rises. */
const SHELF_HZ = 1681.974450955533

/**
 * The two filters of K-weighting, for any sampling rate: the same frequency response as the tables of the standard have at 48 kHz,
 * within 0.04 dB down to 8 kHz and within 0.001 dB from 32 kHz on. Poles are moved exactly; the numerator is the one that gives the
 * magnitude of the table at 0 Hz, at the shelf and at half the rate. (The usual bilinear formula is 0.2 to 0.5 dB off at 8 kHz.)
 * @source ITU-R BS.1770-4 Annex 1; M. Vicanek, Matched Second Order Digital Filters, 2016
 */
export function kWeighting(sampleRateHz: number): { readonly shelf: Biquad; readonly highPass: Biquad } {
  if (sampleRateHz === TABLE_RATE_HZ) return { shelf: SHELF, highPass: HIGH_PASS }
  return { shelf: shelfAt(sampleRateHz), highPass: highPassAt(sampleRateHz) }
}

/** Square of the magnitude of a filter at a frequency. */
export function powerAt([b0, b1, b2, a1, a2]: Biquad, frequencyHz: number, sampleRateHz: number): number {
  const terms = powerTerms(frequencyHz, sampleRateHz)
  return sumOf(powerOf(b0, b1, b2), terms) / sumOf(powerOf(1, a1, a2), terms)
}

function shelfAt(sampleRateHz: number): Biquad {
  const [a1, a2] = movedPoles(SHELF, sampleRateHz)
  const topHz = Math.min(sampleRateHz, TABLE_RATE_HZ) / 2
  const points = [0, Math.min(SHELF_HZ, topHz / 2), topHz]
  const wanted = points.map((hz) => {
    const denominator = sumOf(powerOf(1, a1, a2), powerTerms(hz, sampleRateHz))
    return powerAt(SHELF, hz, TABLE_RATE_HZ) * denominator
  })
  const [p0, p1, p2] = solve(
    points.map((hz) => powerTerms(hz, sampleRateHz)),
    wanted,
  )
  const low = Math.sqrt(Math.max(0, p0))
  const high = Math.sqrt(Math.max(0, p1))
  const half = (low + high) / 2
  const b0 = (half + Math.sqrt(Math.max(0, half * half + p2))) / 2
  return [b0, (low - high) / 2, -p2 / (4 * b0), a1, a2]
}

function highPassAt(sampleRateHz: number): Biquad {
  const [a1, a2] = movedPoles(HIGH_PASS, sampleRateHz)
  // far above its corner the filter is flat: one gain is right everywhere
  const flatHz = Math.min(sampleRateHz, TABLE_RATE_HZ) / 4
  const plain: Biquad = [1, -2, 1, a1, a2]
  const gain = Math.sqrt(powerAt(HIGH_PASS, flatHz, TABLE_RATE_HZ) / powerAt(plain, flatHz, sampleRateHz))
  return [gain, -2 * gain, gain, a1, a2]
}

/** Denominator whose poles ring at the same frequency and for the same time at another rate. */
function movedPoles([, , , a1, a2]: Biquad, sampleRateHz: number): readonly [a1: number, a2: number] {
  const ratio = TABLE_RATE_HZ / sampleRateHz
  const square = a1 * a1 - 4 * a2
  if (square >= 0) {
    const one = ((-a1 + Math.sqrt(square)) / 2) ** ratio
    const other = ((-a1 - Math.sqrt(square)) / 2) ** ratio
    return [-one - other, one * other]
  }
  const radius = Math.sqrt(a2)
  // at rates of a few kHz the ringing would be above half the rate
  const angle = Math.min(Math.acos(-a1 / (2 * radius)) * ratio, 3)
  return [-2 * radius ** ratio * Math.cos(angle), a2 ** ratio]
}

type Three = readonly [number, number, number]

/** The power of a polynomial is linear in these. */
function powerTerms(frequencyHz: number, sampleRateHz: number): Three {
  const sine = Math.sin((Math.PI * frequencyHz) / sampleRateHz) ** 2
  return [1 - sine, sine, 4 * sine * (1 - sine)]
}

function powerOf(c0: number, c1: number, c2: number): Three {
  return [(c0 + c1 + c2) ** 2, (c0 - c1 + c2) ** 2, -4 * c0 * c2]
}

function sumOf(factors: Three, terms: Three): number {
  return factors[0] * terms[0] + factors[1] * terms[1] + factors[2] * terms[2]
}

/** Three equations; the first is that of 0 Hz, which tells the first unknown at once. */
function solve(terms: readonly Three[], wanted: readonly number[]): Three {
  const first = wanted[0]
  const [, [m0, m1, m2], [t0, t1, t2]] = terms
  const middle = wanted[1] - first * m0
  const top = wanted[2] - first * t0
  const determinant = m1 * t2 - m2 * t1
  return [first, (middle * t2 - m2 * top) / determinant, (m1 * top - middle * t1) / determinant]
}
