import { redactUrl } from '../../sources/redact.js'
import { isTimeZone } from '../../time/time-zone.js'
import { splitCommand } from './command-words.js'
import { nearest } from './nearest.js'

/** A value understood, or what is wrong with its text and how to mend it. */
type Parsed<T> =
  | {
      /** The value. */
      readonly value: T
      /** Something doubtful about it. */
      readonly warning?: string
    }
  | {
      /** What is wrong: continues the sentence `key: `. */
      readonly fault: string
      /** How to mend it; absent = by the example of the key. */
      readonly mend?: string
    }

/** Reads the text of one value; the text is stripped, on one line and not empty. */
export type Parser<T> = (text: string) => Parsed<T>

/** Limits of a number. */
export interface NumberLimits {
  /** Smallest value allowed. */
  readonly min: number
  /** Whether `min` itself is too small. */
  readonly aboveMin?: boolean
  /** Largest value allowed. */
  readonly max: number
  /** No decimals. */
  readonly whole?: boolean
}

/** A number within limits. */
export function number({ min, aboveMin = false, max, whole = false }: NumberLimits): Parser<number> {
  return (text) => {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
      return { fault: `${quoted(text)} is not a number${numberHint(text)}` }
    const value = Number(text)
    if (whole && !Number.isInteger(value)) return { fault: `${quoted(text)} is not a whole number` }
    if (value < min || (aboveMin && value === min))
      return { fault: `${quoted(text)} is too small, it must be ${aboveMin ? 'more than' : 'at least'} ${min}` }
    if (value > max) return { fault: `${quoted(text)} is too large, it can be ${max} at most` }
    return { value }
  }
}

/** One of some words, in any case; `aliases` in lower case are further words for them. */
export function choice<T extends string>(words: readonly T[], aliases: Readonly<Record<string, T>> = {}): Parser<T> {
  const byLowerCase = new Map(words.map((word): [string, T] => [word.toLowerCase(), word]))
  for (const [alias, word] of Object.entries(aliases)) byLowerCase.set(alias, word)
  return (text) => {
    const value = byLowerCase.get(text.toLowerCase())
    if (value !== undefined) return { value }
    const near = nearest(text, words)
    return { fault: `${quoted(text)} is none of ${words.join(', ')}`, ...(near && { mend: `did you mean ${near}?` }) }
  }
}

/** `yes` or `no` in all the words that configparser's getboolean takes. */
export const yesOrNo: Parser<boolean> = (text) => {
  if (/^(yes|true|on|1)$/i.test(text)) return { value: true }
  if (/^(no|false|off|0)$/i.test(text)) return { value: false }
  return { fault: `${quoted(text)} is neither yes nor no` }
}

/** Any text. */
export const anyText: Parser<string> = (value) => ({ value })

/** The path of a file or folder. */
export const path: Parser<string> = (value) => {
  if (value.includes('\0')) return { fault: 'it holds a NUL character' }
  if (value.startsWith('~/')) return { value, warning: 'a ~ is not replaced here: it names a folder called ~' }
  if (/^(".*"|'.*')$/.test(value)) return { value, warning: 'the quotes are taken as part of the name' }
  return { value }
}

/** An http or https address. Its password and query never appear in a message. */
export const httpUrl: Parser<string> = (text) => {
  if (/^(".*"|'.*')$/.test(text)) return { fault: 'it stands in quotes', mend: 'write it without them' }
  if (/\s/.test(text))
    return { fault: 'it holds white space', mend: 'write %20 for a space; a comment needs a line of its own' }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    return { fault: `${quoted(redactUrl(text))} does not begin with http:// or https://` }
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return { fault: `${quoted(redactUrl(text))} is not a valid address` }
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { fault: `${quoted(redactUrl(text))} is not http or https: ${url.protocol} addresses are not recorded` }
  return { value: text }
}

/** Several of those, with commas or line breaks between them. */
export const httpUrls: Parser<readonly string[]> = (text) => {
  // a comma may stand in an address: only one before the next address, or before white space, ends it
  const urls = text.split(/,\s+|\s+|,(?=https?:\/\/)/i).filter((url) => url !== '')
  for (const [index, url] of urls.entries()) {
    const parsed = httpUrl(url.replace(/,$/, ''))
    if ('fault' in parsed) return { ...parsed, fault: `address ${index + 1}: ${parsed.fault}` }
    urls[index] = parsed.value
  }
  return { value: urls }
}

/** An IANA time zone or `UTC`. */
export const timeZone: Parser<string> = (text) => {
  if (isTimeZone(text)) return { value: text }
  const near = nearestZone(text)
  return {
    fault: `${quoted(text)} is no time zone that this system knows`,
    ...(near !== undefined && { mend: `did you mean ${near}?` }),
  }
}

/** A program and its arguments. */
export const command: Parser<readonly string[]> = (text) => {
  const result = splitCommand(text)
  return 'words' in result ? { value: result.words } : result
}

/** `text` fit for a message: in quotes, on one line, of bounded length. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text)
}

function numberHint(text: string): string {
  if (/\s[#;]/.test(text)) return ': a comment needs a line of its own'
  if (/^[+-]?\d+,\d+$/.test(text)) return ': decimals follow a point'
  if (/^[+-]?[\d.]+\s*[a-z]+$/i.test(text)) return ': the unit is part of the key'
  return ''
}

/** Another spelling of a zone, or its city alone: `vienna`. */
function nearestZone(text: string): string | undefined {
  const lettersOf = (zone: string): string => zone.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  const zones = Intl.supportedValuesOf('timeZone')
  const byLetters = new Map(zones.map((zone) => [lettersOf(zone), zone]))
  const near = nearest(lettersOf(text), byLetters.keys(), 1)
  if (near !== undefined) return byLetters.get(near)
  return zones.find((zone) => lettersOf(zone.slice(zone.lastIndexOf('/') + 1)) === lettersOf(text))
}
