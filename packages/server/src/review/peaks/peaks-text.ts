import { channelOf, mixed, type PeakCurve } from './peak-curve.js'
import type { PeaksFound, PeaksWanted } from './peaks.js'

/** More digits are not seen. */
const DIGITS = 5

/** The answer of `GET /api/peaks` as JSON. */
export function peaksText(
  { entry, fromSeconds, toSeconds }: PeaksWanted,
  { curve, detail, measuredSeconds }: PeaksFound,
  byChannel: boolean,
): string {
  const { channels } = curve
  const head = {
    file: entry.name,
    from: fromSeconds,
    to: toSeconds,
    active: entry.active,
    detail,
    measuredSeconds: measuredSeconds ?? null,
    channels,
  }
  const each = () => Array.from({ length: channels }, (_, channel) => `{${levels(channelOf(curve, channel))}}`)
  const split = byChannel ? `,"byChannel":[${each().join(',')}]` : ''
  return `${JSON.stringify(head).slice(0, -1)},${levels(mixed(curve))}${split}}`
}

function levels({ min, max, rms }: PeakCurve): string {
  return `"min":${list(min)},"max":${list(max)},"rms":${list(rms)}`
}

function list(values: Float32Array): string {
  return `[${Array.from(values, (one) => (Number.isNaN(one) ? 'null' : Number(one.toFixed(DIGITS)))).join(',')}]`
}
