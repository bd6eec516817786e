import type { StationConfig } from '@isr/core'

const MASK = '***'
/** Control characters, and those that turn the direction of writing. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g
/** Shorter passwords hide nothing, and would be found everywhere. */
const MIN_SECRET_LENGTH = 4

/** Text from elsewhere on one line, unable to steer a terminal. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ').trim()
}

/** Hides secrets in text. */
export type Redact = (text: string) => string

/**
 * Hides the passwords and secrets of a configuration, wherever they turn up. The library keeps them out of its messages already; this
 * guards against what servers and programs repeat. A password that is part of a source's name is public.
 */
export function redactorOf({ sources }: Pick<StationConfig, 'sources'>): Redact {
  const secrets = sources.flatMap(({ url, mirrors = [], username = '', password = '', hooks = {} }) => {
    const login = Buffer.from(`${username}:${password}`).toString('base64')
    const { secret, ...targets } = hooks
    const urls = [
      url,
      ...mirrors,
      ...Object.values(targets).map((target) => ('url' in target ? target.url : undefined)),
    ]
    return [
      ...(password === '' ? [] : [password, encodeURIComponent(password), login]),
      ...(secret === undefined ? [] : [secret]),
      ...urls.flatMap(passwordOf),
    ]
  })
  const hidden = [...new Set(secrets)]
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH && !sources.some(({ name }) => name.includes(secret)))
    .sort((a, b) => b.length - a.length)
  return (text) => hidden.reduce((safe, secret) => safe.replaceAll(secret, MASK), text)
}

function passwordOf(url: string | undefined): string[] {
  if (url === undefined || !URL.canParse(url)) return []
  const encoded = new URL(url).password
  const written = /\/\/[^/]*?:(.*)@/.exec(url)?.[1] ?? ''
  return [encoded, written, decoded(encoded)].filter((secret) => secret !== '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
