import { amplitude, decibels } from '../detectors/decibels.js'

/** Steps of a dB on disk. A level is off by half a step at most: 0.005 dB, which is 0.06 %. */
export const STEPS_PER_DB = 100
/** The code of 0 dB. Code 0 is digital silence, so that bytes that never reached the disk read as silence. */
const FULL_SCALE_CODE = 0x8000
/** The one above marks seconds. */
const MOST_CODE = 0xfffe

/** A linear level as 16 bits: hundredths of a dB from -327.67 to 327.66 dBFS. */
export function encodeLevel(level: number): number {
  if (!(level > 0)) return 0
  return Math.max(1, Math.min(MOST_CODE, Math.round(decibels(level) * STEPS_PER_DB) + FULL_SCALE_CODE))
}

/** The linear level of a code. */
export function decodeLevel(code: number): number {
  return code === 0 ? 0 : amplitude((code - FULL_SCALE_CODE) / STEPS_PER_DB)
}
