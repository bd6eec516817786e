import { IsrError } from '../errors.js'
import type { EpochMs } from '../model.js'
import { nextTransition, systemTimeZone, utcOffsetMs, wholeMs } from './time-zone.js'

export { isTimeZone } from './time-zone.js'

const DAY_MS = 86_400_000

/**
 * The length of a cell of the grid, in milliseconds.
 * @param everyMinutes - more than 0; decimals allowed, rounded to a whole millisecond
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID`
 */
export function splitLengthMs(everyMinutes: number): number {
  const splitMs = Math.round(everyMinutes * 60_000)
  if (Number.isSafeInteger(splitMs) && splitMs > 0) return splitMs
  throw new IsrError('ISR_ARGUMENT_INVALID', `everyMinutes is ${everyMinutes}: expected a number of minutes above 0`)
}

/**
 * The first instant strictly after `after` at which a file that is aligned to the clock must end.
 *
 * The local clock of the zone lies on a grid: cells of `everyMinutes`, counted from each local midnight, so the last cell of a
 * day that they do not divide is short. From 1440 minutes on the cells are counted from the local midnight of 1970-01-01.
 * A boundary is an instant at which the local clock enters another cell, by running or by a jump in either direction,
 * or reads the start of a cell. So an hour that the clock repeats is cut again, and nothing is cut where a jump stays in its cell.
 *
 * @param after - a moment, rounded to a whole millisecond
 * @param everyMinutes - length of a cell in minutes; decimals allowed
 * @param timeZone - IANA name or `UTC`. Default the system's
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for a length that is no positive number or an unknown zone
 */
export function nextBoundary(after: EpochMs, everyMinutes: number, timeZone: string = systemTimeZone()): EpochMs {
  const splitMs = splitLengthMs(everyMinutes)
  let from = wholeMs(after)
  for (;;) {
    const offsetMs = utcOffsetMs(from, timeZone)
    const boundary = nextCellStart(from + offsetMs, splitMs) - offsetMs
    const transition = nextTransition(from, timeZone)
    if (boundary < transition) return boundary
    // Up to the transition the local clock runs evenly, and there is no boundary: look at the jump itself.
    const before = transition - 1 + offsetMs
    const reading = transition + utcOffsetMs(transition, timeZone)
    const cell = cellStart(reading, splitMs)
    if (reading === cell || cell !== cellStart(before, splitMs)) return transition
    from = transition
  }
}

/** Start of the cell that holds the local reading `local`; readings are milliseconds since 1970-01-01T00:00 local. */
function cellStart(local: number, splitMs: number): number {
  const originMs = splitMs < DAY_MS ? Math.floor(local / DAY_MS) * DAY_MS : 0
  return originMs + Math.floor((local - originMs) / splitMs) * splitMs
}

/** The first cell start after the local reading `local`. */
function nextCellStart(local: number, splitMs: number): number {
  const next = cellStart(local, splitMs) + splitMs
  if (splitMs >= DAY_MS) return next
  return Math.min(next, (Math.floor(local / DAY_MS) + 1) * DAY_MS)
}
