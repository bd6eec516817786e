import { decibels } from '../detectors/decibels.js'

/** What digital silence is in dB, where a number is needed: quieter than 24 bits can tell. */
const LEAST_DB = -200

/** A linear level in dBFS, with two decimals: a full-scale square wave has an RMS of 0, a sine of -3.01. */
export function levelDb(level: number): number {
  return level > 0 ? Math.max(LEAST_DB, Math.round(decibels(level) * 100) / 100) : LEAST_DB
}
