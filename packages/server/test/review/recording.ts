import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { wavOf } from '../../../../tests/support/wav.js'

/** Puts a recording into a folder, as old as it must be to be closed. */
export function putWav(directory: string, name: string, samples: Int16Array, rateHz: number, ageSeconds = 100): void {
  const path = join(directory, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, wavOf(samples, rateHz))
  const at = Date.now() / 1000 - ageSeconds
  utimesSync(path, at, at)
}

/** Puts an analysis beside it. */
export function putAnalysis(directory: string, name: string, value: unknown): void {
  const path = join(directory, 'analyses', `${name}.analysis.json`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
}

/** An analysis of the adaptive detector. */
export function analysisOf(sections: readonly object[], duration = 60) {
  const detector = { name: 'adaptive', version: 1, parameters: {} }
  return { v: 1, duration, window_ms: 100, min_gap: 1, detector, rms_display: [0.1, 0.2], sections }
}
