const WINDOWS_PER_SECOND = 10

/** The first sample of a window of {@link LEVEL_WINDOW_MS}. */
export function windowStart(window: number, sampleRateHz: number): number {
  return Math.floor((window * sampleRateHz) / WINDOWS_PER_SECOND)
}

/** How many windows so many samples fill, the last maybe in part. */
export function windowCount(samples: number, sampleRateHz: number): number {
  let windows = Math.ceil((samples * WINDOWS_PER_SECOND) / sampleRateHz)
  while (windowStart(windows, sampleRateHz) < samples) windows++
  while (windows > 0 && windowStart(windows - 1, sampleRateHz) >= samples) windows--
  return windows
}
