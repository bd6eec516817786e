import { LEVEL_WINDOW_MS } from '../levels/levels.js'

/** Start of a window of levels, in seconds; as near to the decimal number as a double can be. */
export function windowSeconds(window: number): number {
  return (window * LEVEL_WINDOW_MS) / 1000
}

/** Least number of windows that last `seconds`; rounding noise of decimal seconds adds none. */
export function windowsOf(seconds: number): number {
  return Math.ceil((seconds * 1000) / LEVEL_WINDOW_MS - 1e-9)
}
