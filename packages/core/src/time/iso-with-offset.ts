import type { EpochMs } from '../model.js'

/**
 * A moment as its own place writes it: `2026-11-22T17:00:00.250+01:00`.
 *
 * @param utcOffsetMinutes - what the place is ahead of UTC
 */
export function isoWithOffset(at: EpochMs, utcOffsetMinutes: number): string {
  const local = new Date(Math.round(at + Math.round(utcOffsetMinutes) * 60_000)).toISOString().slice(0, -1)
  return `${local}${formatUtcOffset(utcOffsetMinutes)}`
}

/** An offset from UTC in minutes as `+01:00`; rounded to whole minutes. */
export function formatUtcOffset(minutes: number): string {
  const whole = Math.round(minutes)
  const absolute = Math.abs(whole)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${whole < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`
}
