import type { EpochMs } from '../model.js'
import { systemTimeZone, utcOffsetMs } from './time-zone.js'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DIRECTIVE = /%[-_0^#]*\d*[EO]?(:z|.)/gsu
const COMPOSED: Readonly<Record<string, string>> = {
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  r: '%I:%M:%S %p',
  x: '%m/%d/%y',
}
/** What a code looks like; what is not here may be anything. */
const SHAPES: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d{2}',
  m: '[ \\d]?\\d',
  d: '[ \\d]?\\d',
  e: '[ \\d]?\\d',
  H: '[ \\d]?\\d',
  k: '[ \\d]?\\d',
  I: '[ \\d]?\\d',
  l: '[ \\d]?\\d',
  M: '[ \\d]?\\d',
  S: '[ \\d]?\\d',
  j: '\\d{1,3}',
  f: '\\d{6}',
  s: '\\d{9,11}',
  p: '[AaPp][Mm]',
  P: '[AaPp][Mm]',
  b: '[A-Za-z]{3}',
  h: '[A-Za-z]{3}',
  B: '[A-Za-z]{3,9}',
  a: '[A-Za-z]{3}',
  A: '[A-Za-z]{6,9}',
  z: '[+-]\\d{4}(?:\\d\\d)?',
  ':z': '[+-]\\d\\d:\\d\\d(?::\\d\\d)?',
}

/**
 * The moment that a text names: `strftime` backwards. Of a local time that comes twice the first is taken, of one that is skipped
 * the moment an hour later.
 *
 * @param pattern - as for `strftime`; codes that say nothing about the moment match anything
 * @param text - the whole text must fit
 * @param timeZone - IANA name or `UTC`. Default the system's
 * @returns undefined when the text does not fit, or the pattern leaves the day open
 */
export function strptime(pattern: string, text: string, timeZone: string = systemTimeZone()): EpochMs | undefined {
  const codes: string[] = []
  const source = patternSource(pattern, codes)
  const match = new RegExp(`^${source}$`, 'su').exec(text)
  if (!match) return undefined
  const fields = new Map<string, string>()
  codes.forEach((code, index) => {
    // a code that comes twice has one value, or the text is another's
    if (!fields.has(code)) fields.set(code, match[index + 1].trim())
  })
  if (codes.some((code, index) => fields.get(code) !== match[index + 1].trim())) return undefined
  return momentOf(fields, timeZone)
}

function patternSource(pattern: string, codes: string[]): string {
  let source = ''
  let at = 0
  for (const match of pattern.matchAll(DIRECTIVE)) {
    source += escaped(pattern.slice(at, match.index))
    at = match.index + match[0].length
    const code = match[1]
    if (code === '%') source += '%'
    else if (COMPOSED[code] !== undefined) source += patternSource(COMPOSED[code], codes)
    else if (SHAPES[code] === undefined) source += '.*?'
    else {
      codes.push(code)
      source += `(${SHAPES[code]})`
    }
  }
  return source + escaped(pattern.slice(at))
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function momentOf(fields: ReadonlyMap<string, string>, timeZone: string): EpochMs | undefined {
  const epoch = fields.get('s')
  if (epoch !== undefined) return Number(epoch) * 1000
  const number = (...codes: string[]) => {
    const code = codes.find((one) => fields.has(one))
    return code === undefined ? undefined : Number(fields.get(code))
  }
  const short = number('y')
  const year = number('Y') ?? (short === undefined ? undefined : short + (short < 69 ? 2000 : 1900))
  const month = number('m') ?? monthOf(fields.get('b') ?? fields.get('h') ?? fields.get('B'))
  const yearDay = number('j')
  const day = number('d', 'e')
  if (year === undefined || (yearDay === undefined && (month === undefined || day === undefined))) return undefined
  const hour = number('H', 'k') ?? hour24(number('I', 'l'), fields.get('p') ?? fields.get('P'))
  const [minute, second] = [number('M') ?? 0, number('S') ?? 0]
  if (hour > 23 || minute > 59 || second > 60 || (month ?? 1) < 1 || (month ?? 1) > 12) return undefined
  const [m, d] = month !== undefined && day !== undefined ? [month, day] : [1, yearDay ?? 1]
  const local = Date.UTC(year, m - 1, d, hour, minute, second) + Math.floor((number('f') ?? 0) / 1000)
  if (day !== undefined && new Date(local).getUTCDate() !== day) return undefined
  const offset = fields.get('z') ?? fields.get(':z')
  return offset === undefined ? instantOf(local, timeZone) : local - offsetMs(offset)
}

function monthOf(name: string | undefined): number | undefined {
  const index = name === undefined ? -1 : MONTHS.indexOf(name.slice(0, 3).toLowerCase())
  return index < 0 ? undefined : index + 1
}

function hour24(hour: number | undefined, half: string | undefined): number {
  if (hour === undefined) return 0
  return (hour % 12) + (half?.toLowerCase() === 'pm' ? 12 : 0)
}

function offsetMs(text: string): number {
  const [hours, minutes, seconds = 0] = (text.replaceAll(':', '').slice(1).match(/\d\d/g) ?? []).map(Number)
  return (text.startsWith('-') ? -1000 : 1000) * (hours * 3600 + minutes * 60 + seconds)
}

/** The moment at which the local clock reads `local`, given in milliseconds as if it were UTC. */
function instantOf(local: number, timeZone: string): EpochMs {
  // the offset before the reading is the one of its first coming
  const before = local - utcOffsetMs(local - DAY_MS, timeZone)
  if (before + utcOffsetMs(before, timeZone) === local) return before
  const after = local - utcOffsetMs(local + DAY_MS, timeZone)
  return after + utcOffsetMs(after, timeZone) === local ? after : before
}

const DAY_MS = 86_400_000
