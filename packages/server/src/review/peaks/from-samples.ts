import { setImmediate } from 'node:timers/promises'
import type { Clip } from '@isr/core'
import type { PeakCurve } from './peak-curve.js'

const FULL_SCALE = 32_768
/** Samples between two turns of others: a few milliseconds. */
const TURN_SAMPLES = 1 << 20

/** The waveform of what was decoded. Each point holds all samples that it touches, one at least, so no peak is ever lost. */
export async function fromSamples(
  { wav, startSeconds, samples, sampleRateHz, channels }: Clip,
  fromSeconds: number,
  toSeconds: number,
  points: number,
): Promise<PeakCurve> {
  const data = wav.slice(wav.length - samples * channels * 2)
  const pcm = new Int16Array(data.buffer)
  const empty = () => new Float32Array(points * channels).fill(NaN)
  const curve: PeakCurve = { channels, min: empty(), max: empty(), rms: empty() }
  const sampleAt = (point: number) =>
    (fromSeconds + ((toSeconds - fromSeconds) * point) / points - startSeconds) * sampleRateHz
  let sinceTurn = 0
  for (let point = 0; point < points; point++) {
    const first = Math.max(0, Math.floor(sampleAt(point) + 1e-6))
    const end = Math.min(samples, Math.max(first + 1, Math.ceil(sampleAt(point + 1) - 1e-6)))
    if (first >= end) continue
    for (let channel = 0; channel < channels; channel++) {
      let least = Infinity
      let greatest = -Infinity
      let power = 0
      for (let at = first * channels + channel; at < end * channels; at += channels) {
        const sample = pcm[at]
        if (sample < least) least = sample
        if (sample > greatest) greatest = sample
        power += sample * sample
      }
      const at = point * channels + channel
      curve.min[at] = least / FULL_SCALE
      curve.max[at] = greatest / FULL_SCALE
      curve.rms[at] = Math.sqrt(power / (end - first)) / FULL_SCALE
    }
    sinceTurn += (end - first) * channels
    if (sinceTurn < TURN_SAMPLES) continue
    sinceTurn = 0
    await setImmediate()
  }
  return curve
}
