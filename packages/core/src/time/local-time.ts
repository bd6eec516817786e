import type { EpochMs } from '../model.js'
import { utcOffsetMs, wholeMs } from './time-zone.js'

const DAY_MS = 86_400_000

/** What calendar and clock on a wall of some zone show. */
export interface LocalTime {
  /** Year, such as 2026. */
  readonly year: number
  /** Month, 1 to 12. */
  readonly month: number
  /** Day of the month, 1 to 31. */
  readonly day: number
  /** Hour, 0 to 23. */
  readonly hour: number
  /** Minute, 0 to 59. */
  readonly minute: number
  /** Second, 0 to 59. */
  readonly second: number
  /** Millisecond, 0 to 999. */
  readonly millisecond: number
  /** Day of the week, 0 is Sunday. */
  readonly weekday: number
  /** Day of the year, 1 to 366. */
  readonly yearDay: number
  /** How far the local clock is ahead of UTC, in milliseconds. */
  readonly offsetMs: number
}

/** The local time of `timeZone` (default the system's) at a moment. */
export function localTime(at: EpochMs, timeZone?: string): LocalTime {
  const offsetMs = utcOffsetMs(at, timeZone)
  // The UTC fields of a shifted date are the local fields.
  const local = new Date(wholeMs(at) + offsetMs)
  const year = local.getUTCFullYear()
  return {
    year,
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
    weekday: local.getUTCDay(),
    yearDay: Math.floor((local.getTime() - Date.UTC(year, 0, 1)) / DAY_MS) + 1,
    offsetMs,
  }
}

/** Week of the year, 0 to 53, when weeks start on `firstWeekday` (0 is Sunday) and week 1 starts with the first of them. */
export function weekOfYear(time: LocalTime, firstWeekday: number): number {
  const sinceWeekStart = (time.weekday - firstWeekday + 7) % 7
  return Math.floor((time.yearDay - 1 - sinceWeekStart + 7) / 7)
}

/** Week of ISO 8601, 1 to 53, and the year it belongs to: that of its Thursday. */
export function isoWeek(time: LocalTime): { readonly year: number; readonly week: number } {
  const sinceMonday = (time.weekday + 6) % 7
  const thursday = new Date(Date.UTC(time.year, time.month - 1, time.day - sinceMonday + 3))
  const year = thursday.getUTCFullYear()
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1 }
}
