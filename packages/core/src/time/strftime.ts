import type { EpochMs } from '../model.js'
import { isoWeek, localTime, weekOfYear, type LocalTime } from './local-time.js'
import { systemTimeZone, wholeMs } from './time-zone.js'
import { zoneAbbreviation } from './zone-abbreviation.js'

export { utcOffsetMinutes } from './time-zone.js'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]

/** Longest padding: a file name has no room for more. */
const MAX_WIDTH = 255

/** `%`, flags, width, modifier, code; `%:z` has a code of two characters; a pattern may end amid a directive. */
const DIRECTIVE = /%([-_0^#]*)(\d*)([EO]?)(:z|.|$)/gsu

/** Codes that a modifier may stand before. It changes nothing: the C locale has no other eras or digits. */
const MODIFIABLE = { E: new Set('cnprstuxyCPRTXY%'), O: new Set('bdeghjklmnprstuwyBCGHIMPRSTUVW%') }

/** Codes that stand for several others. */
const COMPOSED: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
}

/** A moment to be written. */
interface Moment extends LocalTime {
  readonly at: EpochMs
  readonly timeZone: string
}

/** A number with its least number of digits and what fills them. */
type Field = readonly [value: number, digits: number, fill: '0' | '_']

/**
 * A moment as text, as Python 3's `strftime` writes it on Linux in the C locale: every code of Python and glibc, with glibc's
 * flags (`-` no padding, `_` spaces, `0` zeros, `^` upper case, `#` other case), widths and the modifiers `E` and `O`.
 * What is no code is kept as it stands. `%:z` (`+01:00`) is Python 3.12's; `%f` has microseconds.
 *
 * @param pattern - such as `%Y%m%d_%H%M%S`
 * @param at - the moment, rounded to a whole millisecond
 * @param timeZone - IANA name or `UTC`. Default the system's
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for an unknown zone
 * @source https://docs.python.org/3/library/datetime.html#strftime-and-strptime-format-codes
 */
export function strftime(pattern: string, at: EpochMs, timeZone: string = systemTimeZone()): string {
  return render(pattern, { ...localTime(at, timeZone), at: wholeMs(at), timeZone })
}

/** A moment in UTC with milliseconds: `2026-01-31T23:59:59.250Z`. */
export function formatIso(at: EpochMs): string {
  return new Date(wholeMs(at)).toISOString()
}

function render(pattern: string, moment: Moment): string {
  return pattern.replace(DIRECTIVE, (...match: string[]) => {
    const [whole, flags, widthText, modifier, code] = match
    const width = Math.min(Number(widthText), MAX_WIDTH)
    const fill = /[-_0](?=[^-_0]*$)/.exec(flags)?.[0]
    const allowed = modifier === '' || MODIFIABLE[modifier as 'E' | 'O'].has(code)
    const field = allowed ? numberOf(code, moment) : undefined
    const known = field ? digitsOf(field, fill, width) : allowed ? textOf(code, moment) : undefined
    // glibc treats what it does not know as text, too: it gets upper case and width.
    const text = known === undefined ? cased(whole, '%', flags) : cased(known, code, flags)
    return text.padStart(width, fill === '0' ? '0' : ' ')
  })
}

function digitsOf([value, digits, defaultFill]: Field, fill: string = defaultFill, width: number): string {
  if (fill === '-') return String(value)
  return String(value).padStart(Math.max(digits, width), fill === '_' ? ' ' : '0')
}

function cased(text: string, code: string, flags: string): string {
  if (code === 'P') return text
  if (flags.includes('#') && 'pZ'.includes(code)) return text.toLowerCase()
  if (flags.includes('^') || (flags.includes('#') && 'aAbBh'.includes(code))) return text.toUpperCase()
  return text
}

function numberOf(code: string, moment: Moment): Field | undefined {
  switch (code) {
    case 'C':
      return [Math.floor(moment.year / 100), 2, '0']
    case 'd':
      return [moment.day, 2, '0']
    case 'e':
      return [moment.day, 2, '_']
    case 'g':
      return [isoWeek(moment).year % 100, 2, '0']
    case 'G':
      return [isoWeek(moment).year, 1, '0']
    case 'H':
      return [moment.hour, 2, '0']
    case 'I':
      return [hour12(moment), 2, '0']
    case 'j':
      return [moment.yearDay, 3, '0']
    case 'k':
      return [moment.hour, 2, '_']
    case 'l':
      return [hour12(moment), 2, '_']
    case 'm':
      return [moment.month, 2, '0']
    case 'M':
      return [moment.minute, 2, '0']
    case 'S':
      return [moment.second, 2, '0']
    case 'u':
      return [moment.weekday || 7, 1, '0']
    case 'U':
      return [weekOfYear(moment, 0), 2, '0']
    case 'V':
      return [isoWeek(moment).week, 2, '0']
    case 'w':
      return [moment.weekday, 1, '0']
    case 'W':
      return [weekOfYear(moment, 1), 2, '0']
    case 'y':
      return [moment.year % 100, 2, '0']
    case 'Y':
      return [moment.year, 1, '0']
    default:
      return undefined
  }
}

function textOf(code: string, moment: Moment): string | undefined {
  switch (code) {
    case 'a':
      return DAYS[moment.weekday].slice(0, 3)
    case 'A':
      return DAYS[moment.weekday]
    case 'b':
    case 'h':
      return MONTHS[moment.month - 1].slice(0, 3)
    case 'B':
      return MONTHS[moment.month - 1]
    case 'f':
      return `${moment.millisecond}000`.padStart(6, '0')
    case 'n':
      return '\n'
    case 'p':
      return moment.hour < 12 ? 'AM' : 'PM'
    case 'P':
      return moment.hour < 12 ? 'am' : 'pm'
    case 's':
      return String(Math.floor(moment.at / 1000))
    case 't':
      return '\t'
    case 'z':
      return offsetOf(moment, '')
    case ':z':
      return offsetOf(moment, ':')
    case 'Z':
      return zoneAbbreviation(moment.at, moment.timeZone)
    case '%':
      return '%'
    default:
      return COMPOSED[code] === undefined ? undefined : render(COMPOSED[code], moment)
  }
}

function hour12(moment: Moment): number {
  return moment.hour % 12 || 12
}

/** `+0100`, with seconds where the zone has them. */
function offsetOf(moment: Moment, separator: string): string {
  const seconds = Math.abs(moment.offsetMs) / 1000
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  )
  if (parts[2] === '00') parts.pop()
  return (moment.offsetMs < 0 ? '-' : '+') + parts.join(separator)
}
