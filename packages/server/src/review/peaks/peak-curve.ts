import type { LevelCurve } from '@isr/core'

/** A waveform as points, each at `point * channels + channel`; NaN where there is no audio. */
export interface PeakCurve {
  /** Number of channels. */
  readonly channels: number
  /** Least sample of each point, -1 to 1. */
  readonly min: Float32Array
  /** Greatest sample. */
  readonly max: Float32Array
  /** Root of the mean power. */
  readonly rms: Float32Array
}

/** Nothing is known. */
export function emptyCurve(points: number): PeakCurve {
  const empty = () => new Float32Array(points).fill(NaN)
  return { channels: 1, min: empty(), max: empty(), rms: empty() }
}

/** Levels keep magnitudes alone: the waveform is drawn from -peak to peak. */
export function fromLevels({ channels, rms, peak }: LevelCurve): PeakCurve {
  return { channels, rms, max: peak, min: peak.map((one) => -one) }
}

/** One channel out of all: least, greatest, mean power. */
export function mixed({ channels, min, max, rms }: PeakCurve): PeakCurve {
  if (channels === 1) return { channels, min, max, rms }
  const points = rms.length / channels
  const mix: PeakCurve = {
    channels: 1,
    min: new Float32Array(points),
    max: new Float32Array(points),
    rms: new Float32Array(points),
  }
  for (let point = 0; point < points; point++) {
    const of = (levels: Float32Array) => levels.subarray(point * channels, (point + 1) * channels)
    mix.min[point] = Math.min(...of(min))
    mix.max[point] = Math.max(...of(max))
    mix.rms[point] = Math.sqrt(of(rms).reduce((sum, one) => sum + one * one, 0) / channels)
  }
  return mix
}

/** One channel of many. */
export function channelOf({ channels, min, max, rms }: PeakCurve, channel: number): PeakCurve {
  const of = (levels: Float32Array) => levels.filter((_, at) => at % channels === channel)
  return { channels: 1, min: of(min), max: of(max), rms: of(rms) }
}
