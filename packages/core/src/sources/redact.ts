const MASK = '***'

/** Longest text of foreign origin that a message or fact may carry, in characters. */
const MAX_FOREIGN_CHARACTERS = 300

/**
 * A URL as it may be shown in messages, facts and logs: without user, password and fragment, every query value masked,
 * because tokens have no fixed names. Also takes what is no valid URL.
 */
export function redactUrl(url: string | URL): string {
  const text = String(url)
  if (!URL.canParse(text)) return redactUnparsed(text)
  const parsed = new URL(text)
  if (parsed.host === '') return `${parsed.protocol}${MASK}`
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}${maskQuery(parsed.search.slice(1))}`
}

/** Text of foreign origin, such as the last words of a program, with every URL in it redacted. */
export function redactText(text: string): string {
  return text.replace(/\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s'"<>]+/gi, (url) => redactUrl(url))
}

/** Text of foreign origin made fit for one line of a log: no control characters, one space between words, limited length. */
export function printable(text: string, maxCharacters = MAX_FOREIGN_CHARACTERS): string {
  let clean = ''
  for (const character of text.slice(0, 4 * maxCharacters)) {
    const code = character.codePointAt(0)!
    clean += code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029 ? ' ' : character
  }
  clean = clean.replace(/ {2,}/g, ' ').trim()
  return clean.length > maxCharacters ? `${clean.slice(0, maxCharacters - 1)}…` : clean
}

function maskQuery(query: string): string {
  if (query === '') return ''
  const parts = query
    .split('&')
    .map((part) => (part.includes('=') ? `${part.slice(0, part.indexOf('='))}=${MASK}` : MASK))
  return `?${parts.join('&')}`
}

/** The last `@` ends the credentials: a password that breaks the URL may hold any character. */
function redactUnparsed(text: string): string {
  const schemeEnd = text.indexOf('://') + 3
  const scheme = schemeEnd > 2 ? text.slice(0, schemeEnd) : ''
  const rest = text.slice(scheme.length)
  const bare = rest.slice(rest.lastIndexOf('@') + 1)
  const queryAt = bare.search(/[?#]/)
  return printable(scheme + (queryAt < 0 ? bare : `${bare.slice(0, queryAt)}?${MASK}`))
}
