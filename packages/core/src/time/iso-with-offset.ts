import type { EpochMs } from '../model.js'

/**
 * A moment as its own place writes it: `2026-11-22T17:00:00.250+01:00`.
 *
 * @param utcOffsetMinutes - what the place is ahead of UTC
 */
export function isoWithOffset(at: EpochMs, utcOffsetMinutes: number): string {
  const local = new Date(Math.round(at + utcOffsetMinutes * 60_000)).toISOString().slice(0, -1)
  const minutes = Math.abs(utcOffsetMinutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${local}${utcOffsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`
}
