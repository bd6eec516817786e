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
  for (let point = 0, at = 0; point < points; point++) {
    let least = NaN
    let greatest = NaN
    let power = 0
    for (let channel = 0; channel < channels; channel++, at++) {
      // NaN is neither: the first counts as it is
      if (!(least <= min[at])) least = min[at]
      if (!(greatest >= max[at])) greatest = max[at]
      power += rms[at] * rms[at]
    }
    mix.min[point] = least
    mix.max[point] = greatest
    mix.rms[point] = Math.sqrt(power / channels)
  }
  return mix
}

/** One channel of many. */
export function channelOf({ channels, min, max, rms }: PeakCurve, channel: number): PeakCurve {
  const of = (levels: Float32Array) => levels.filter((_, at) => at % channels === channel)
  return { channels: 1, min: of(min), max: of(max), rms: of(rms) }
}
