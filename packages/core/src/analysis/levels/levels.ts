/** Length of the windows in which levels are measured, in milliseconds. Window k of a file covers the samples from floor(k * rate / 10) on. */
export const LEVEL_WINDOW_MS = 100

/** Levels of consecutive windows of {@link LEVEL_WINDOW_MS}. Linear: 1 is full scale. */
export interface LevelBlock {
  /** Number of channels. */
  readonly channels: number
  /** Root mean square, at `window * channels + channel`. */
  readonly rms: Float32Array
  /** Largest magnitude of a sample, at `window * channels + channel`. */
  readonly peak: Float32Array
}

/** Root mean square over all channels of each window. */
export function overallRms({ channels, rms }: LevelBlock): Float32Array {
  const overall = new Float32Array(rms.length / channels)
  for (let window = 0, at = 0; window < overall.length; window++) {
    let power = 0
    for (let channel = 0; channel < channels; channel++, at++) power += rms[at] * rms[at]
    overall[window] = Math.sqrt(power / channels)
  }
  return overall
}
