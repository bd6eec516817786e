import type { EpochMs } from '../model.js'
import { utcOffsetMinutes } from './time-zone.js'

/**
 * English zone names of Unicode CLDR and the abbreviation that the tz database gives them.
 * JavaScript knows the names of all zones, but the abbreviations of few; every zone not named here has its offset, as in the tz database.
 * @source https://data.iana.org/time-zones/theory.html#abbreviations
 */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  'Coordinated Universal Time': 'UTC',
  'Greenwich Mean Time': 'GMT',
  'British Summer Time': 'BST',
  'Irish Standard Time': 'IST',
  'Western European Standard Time': 'WET',
  'Western European Summer Time': 'WEST',
  'Central European Standard Time': 'CET',
  'Central European Summer Time': 'CEST',
  'Eastern European Standard Time': 'EET',
  'Eastern European Summer Time': 'EEST',
  'Moscow Standard Time': 'MSK',
  'Volgograd Standard Time': 'MSK',
  'Israel Standard Time': 'IST',
  'Israel Daylight Time': 'IDT',
  'West Africa Time': 'WAT',
  'West Africa Standard Time': 'WAT',
  'Central Africa Time': 'CAT',
  'East Africa Time': 'EAT',
  'South Africa Standard Time': 'SAST',
  'Pakistan Standard Time': 'PKT',
  'India Standard Time': 'IST',
  'Western Indonesia Time': 'WIB',
  'Central Indonesia Time': 'WITA',
  'Eastern Indonesia Time': 'WIT',
  'China Standard Time': 'CST',
  'Taiwan Standard Time': 'CST',
  'Hong Kong Standard Time': 'HKT',
  'Philippine Standard Time': 'PST',
  'Japan Standard Time': 'JST',
  'Korean Standard Time': 'KST',
  'North Korea Time': 'KST',
  'Australian Western Standard Time': 'AWST',
  'Australian Central Standard Time': 'ACST',
  'Australian Central Daylight Time': 'ACDT',
  'Australian Eastern Standard Time': 'AEST',
  'Australian Eastern Daylight Time': 'AEDT',
  'New Zealand Standard Time': 'NZST',
  'New Zealand Daylight Time': 'NZDT',
  'Chamorro Standard Time': 'ChST',
  'American Samoa Standard Time': 'SST',
  'Samoa Standard Time': 'SST',
  'Hawaii-Aleutian Standard Time': 'HST',
  'Hawaii-Aleutian Daylight Time': 'HDT',
  'Alaska Standard Time': 'AKST',
  'Alaska Daylight Time': 'AKDT',
  'Pacific Standard Time': 'PST',
  'Pacific Daylight Time': 'PDT',
  'Yukon Time': 'MST',
  'Mountain Standard Time': 'MST',
  'Mountain Daylight Time': 'MDT',
  'Mexican Pacific Standard Time': 'MST',
  'Mexican Pacific Daylight Time': 'MDT',
  'Central Standard Time': 'CST',
  'Central Daylight Time': 'CDT',
  'Eastern Standard Time': 'EST',
  'Eastern Daylight Time': 'EDT',
  'Cuba Standard Time': 'CST',
  'Cuba Daylight Time': 'CDT',
  'Atlantic Standard Time': 'AST',
  'Atlantic Daylight Time': 'ADT',
  'Newfoundland Standard Time': 'NST',
  'Newfoundland Daylight Time': 'NDT',
}

/** Zones where the tz database says otherwise than the name suggests; `''` stands for the offset. Keys in lower case. */
const EXCEPTIONS: readonly (readonly [zone: RegExp, offsetMinutes: number, abbreviation: string])[] = [
  [/^(etc\/)?(gmt[-+]?0?|greenwich)$/, 0, 'GMT'],
  [/^europe\/(guernsey|isle_of_man|jersey)$/, 60, 'BST'],
  [/^met$/, 60, 'MET'],
  [/^met$/, 120, 'MEST'],
  [/^antarctica\/troll$/, 0, ''],
  [/^antarctica\/casey$/, 480, ''],
  [/^asia\/colombo$/, 330, ''],
  [/^europe\/minsk$/, 180, ''],
  [/^pacific\/apia$/, 780, ''],
]

/** Abbreviation of the zone's time at a moment as the tz database has it since 2020: `CET`, `CEST`, `+0545`. */
export function zoneAbbreviation(at: EpochMs, timeZone: string): string {
  const offsetMinutes = utcOffsetMinutes(at, timeZone)
  const zone = timeZone.toLowerCase()
  const exception = EXCEPTIONS.find(([pattern, minutes]) => minutes === offsetMinutes && pattern.test(zone))
  const known = exception ? exception[2] : ABBREVIATIONS[longName(at, timeZone)]
  return known || offsetText(offsetMinutes)
}

function longName(at: EpochMs, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'long' }).formatToParts(Math.round(at))
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}

/** `+03`, `+0545`, `-0930`. */
function offsetText(offsetMinutes: number): string {
  const minutes = Math.floor(Math.abs(offsetMinutes))
  const two = (value: number) => String(value).padStart(2, '0')
  const rest = minutes % 60
  return (offsetMinutes < 0 ? '-' : '+') + two(Math.floor(minutes / 60)) + (rest ? two(rest) : '')
}
