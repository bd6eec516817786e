/** The level of a ratio of amplitudes, in dB. */
export function decibels(ratio: number): number {
  return 20 * Math.log10(ratio)
}

/** The ratio of amplitudes that a level in dB stands for. */
export function amplitude(db: number): number {
  return 10 ** (db / 20)
}
