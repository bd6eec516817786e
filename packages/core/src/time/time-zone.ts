import { Temporal } from 'temporal-polyfill'
import { IsrError } from '../errors.js'
import type { EpochMs } from '../model.js'

/** Largest distance from 1970 that a date can have, in milliseconds. */
const FARTHEST_MS = 8.64e15

/** `at` as the whole millisecond that names, boundaries and texts use: 16:59:59.9996 is 17:00:00.000. */
export function wholeMs(at: EpochMs): EpochMs {
  const rounded = Math.round(at)
  if (Math.abs(rounded) <= FARTHEST_MS) return rounded
  throw new IsrError('ISR_ARGUMENT_INVALID', `${at} is no time: expected milliseconds since 1970`)
}

/** The IANA name of the system's time zone; `UTC` when the system names none that is known. */
export function systemTimeZone(): string {
  const name = Temporal.Now.timeZoneId()
  return isTimeZone(name) ? name : 'UTC'
}

/** Whether `name` is an IANA time zone that this Node.js knows, or `UTC`. Case does not matter; offsets such as `+01:00` are none. */
export function isTimeZone(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

/**
 * How far the local clock is ahead of UTC, in milliseconds (seconds matter before 1972: Monrovia was 44:30 behind).
 * @param at - the moment
 * @param timeZone - IANA name or `UTC`. Default the system's
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for an unknown zone
 */
export function utcOffsetMs(at: EpochMs, timeZone?: string): number {
  return zoned(at, timeZone).offsetNanoseconds / 1e6
}

/**
 * How far the local clock is ahead of UTC, in minutes: 120 for Berlin in summer. Whole for every zone since 1972.
 * @param at - the moment
 * @param timeZone - IANA name or `UTC`. Default the system's
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for an unknown zone
 */
export function utcOffsetMinutes(at: EpochMs, timeZone?: string): number {
  return utcOffsetMs(at, timeZone) / 60_000
}

/** The first moment after `at` when the offset of the zone changes; `Infinity` when none is known. */
export function nextTransition(at: EpochMs, timeZone?: string): EpochMs {
  return zoned(at, timeZone).getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity
}

function zoned(at: EpochMs, timeZone: string = systemTimeZone()): Temporal.ZonedDateTime {
  const instant = Temporal.Instant.fromEpochMilliseconds(wholeMs(at))
  try {
    return instant.toZonedDateTimeISO(timeZone)
  } catch (cause) {
    const message = `"${timeZone}" is no time zone: expected an IANA name such as Europe/Berlin, or UTC`
    throw new IsrError('ISR_ARGUMENT_INVALID', message, { cause })
  }
}
