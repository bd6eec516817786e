/** How high a level is drawn, 0 to 1: -64 dBFS is nothing, -6 is all. */
export function barHeight(rms: number): number {
  return barHeightOfDb(20 * Math.log10(Math.max(rms, 1e-9)))
}

/** The same of decibels. */
export function barHeightOfDb(db: number): number {
  return Math.min(1, Math.max(0, (db + 64) / 58)) ** 1.35
}
