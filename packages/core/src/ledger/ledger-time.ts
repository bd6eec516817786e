import type { EpochMs } from '../model.js'
import { formatUtcOffset } from '../time/iso-with-offset.js'
import { formatIso, utcOffsetMinutes } from '../time/strftime.js'

/** A moment as the ledger writes it: ISO 8601 UTC with milliseconds, and the zone's offset beside it as `+01:00`. */
export function ledgerTime(at: EpochMs, timeZone?: string): { readonly time: string; readonly utcOffset: string } {
  return { time: formatIso(at), utcOffset: formatUtcOffset(utcOffsetMinutes(at, timeZone)) }
}

/** `+01:00` as 60; 0 for anything else. */
export function parseUtcOffset(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(text) ?? []
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
