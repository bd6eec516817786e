import { IsrError } from '../../errors.js'
import { redactUrl } from '../redact.js'

/** Longest default name of a source. */
const MAX_NAME_CHARACTERS = 80

/**
 * An http or https URL.
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID`; the message shows no credentials
 */
export function parseHttpUrl(url: string | URL): URL {
  const text = String(url).trim()
  // Not `new URL` in a try: its error carries the whole input, password included.
  if (!URL.canParse(text)) {
    throw new IsrError(
      'ISR_ARGUMENT_INVALID',
      `not a URL: ${redactUrl(text)} (expected http://host/path or https://host/path)`,
    )
  }
  const parsed = new URL(text)
  if (isHttp(parsed)) return parsed
  throw new IsrError('ISR_ARGUMENT_INVALID', `not an http or https URL: ${redactUrl(parsed)}`)
}

/** Whether the scheme is one that streams are read from. */
export function isHttp(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
}

/** A name for people and file names: host, port when given, and path, joined by `-`. */
export function defaultSourceName(url: URL): string {
  const path = safeDecode(url.pathname).split('/')
  const name = [url.host, ...path]
    .map((part) => part.replace(/[^\p{L}\p{N}._-]+/gu, '-'))
    .filter(Boolean)
    .join('-')
  return (
    name
      .slice(0, MAX_NAME_CHARACTERS)
      .replace(/-{2,}/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '') || 'stream'
  )
}

/** Percent-decoded when that is valid, else as it is. */
export function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
