/** Samples on both sides that tell a value between two samples. */
export const TRUE_PEAK_TAPS = 16

/** Filters that give the values between samples. */
export interface TruePeakFilter {
  /** Taps of each phase, one phase after another; the newest sample first. Empty when samples are dense enough. */
  readonly taps: Float32Array
  /** How many values between two samples. */
  readonly phases: number
  /** No value between samples is larger than this times the largest sample around it. */
  readonly gain: number
}

const KAISER_BETA = 6

/**
 * Oversampling for the true peak: to at least 192 kHz, so fourfold below 96 kHz, twofold below 192 kHz, else none. A windowed sinc of 16
 * taps a phase: flat within 0.1 dB up to 0.43 of the sampling rate.
 * @source ITU-R BS.1770-4 Annex 2
 */
export function truePeakFilter(sampleRateHz: number): TruePeakFilter {
  const factor = sampleRateHz < 96_000 ? 4 : sampleRateHz < 192_000 ? 2 : 1
  const phases = factor - 1
  const taps = new Float32Array(phases * TRUE_PEAK_TAPS)
  let gain = 0
  for (let phase = 0; phase < phases; phase++) {
    const filter = phaseTaps((phase + 1) / factor)
    taps.set(filter, phase * TRUE_PEAK_TAPS)
    gain = Math.max(
      gain,
      filter.reduce((sum, tap) => sum + Math.abs(tap), 0),
    )
  }
  return { taps, phases, gain }
}

/** Taps for the value `fraction` of a sample behind the one in the middle. */
function phaseTaps(fraction: number): number[] {
  const half = TRUE_PEAK_TAPS / 2
  const taps = Array.from({ length: TRUE_PEAK_TAPS }, (_, tap) => {
    // how much later than the value this sample is: the newest of them by half the length
    const distance = half - fraction - tap
    return sinc(distance) * kaiser(distance / half)
  })
  // a constant stays what it is
  const sum = taps.reduce((total, tap) => total + tap, 0)
  return taps.map((tap) => tap / sum)
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

function kaiser(x: number): number {
  return bessel(KAISER_BETA * Math.sqrt(Math.max(0, 1 - x * x))) / bessel(KAISER_BETA)
}

/** The modified Bessel function of order 0. */
function bessel(x: number): number {
  let sum = 1
  for (let term = 1, n = 1; term > sum * 1e-12; n++) {
    term *= (x / (2 * n)) ** 2
    sum += term
  }
  return sum
}
