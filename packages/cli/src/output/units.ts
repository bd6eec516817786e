import { strftime } from '@isr/core'
import type { EpochMs } from '@isr/core'

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

/** `999 B`, `1.0 KB`, `54.9 MB`: powers of 1000, three digits. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  // What would be rounded to 1000 belongs to the next unit.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < BYTE_UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[unit]}`
}

/** `0:05`, `59:59`, `1:00:00`, `100:00:00`: whole seconds that have passed. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const pad = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`
}

/** `128 kb/s`; a dash when nothing comes. */
export function formatBitrate(bitsPerSecond: number): string {
  return bitsPerSecond > 0 ? `${Math.round(bitsPerSecond / 1000)} kb/s` : '-'
}

/** `2026-11-22 17:00:00` on the clock of this machine. */
export function localTime(at: EpochMs): string {
  return strftime('%Y-%m-%d %H:%M:%S', at)
}

/** `17:00:00` on the clock of this machine. */
export function localClock(at: EpochMs): string {
  return strftime('%H:%M:%S', at)
}

/** `2026-11-22T16:00:00.000Z` */
export function isoTime(at: EpochMs): string {
  return new Date(at).toISOString()
}

/** `a, b`, or how many when a line would not hold them. */
export function nameSome(names: readonly string[]): string {
  return names.length > 10 ? `${names.length} sources` : names.join(', ')
}
