import { SourceError } from '../../errors.js'
import { redactUrl } from '../redact.js'
import { takeCredentials } from './credentials.js'
import type { Credentials } from './credentials.js'
import { isHttp } from './http-url.js'

/** How many redirects are followed in a row. */
const MAX_REDIRECTS = 5

/** Where to go, and what may be told there. */
export interface Address {
  /** Without user and password. */
  readonly url: URL
  /** Credentials known so far; `authorizationFor` says whether `url` may see them. */
  readonly credentials?: Credentials
}

/** Whether the status is a redirect that is followed. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/**
 * The next address of a redirect; `hops` redirects were followed before.
 * @throws {@link SourceError} `ISR_SOURCE_REFUSED` for a missing or bad target, another scheme, or too many in a row
 */
export function followRedirect(from: Address, location: string | undefined, hops: number): Address {
  const refuse = (why: string) => new SourceError('ISR_SOURCE_REFUSED', `${redactUrl(from.url)} redirects ${why}`)
  if (hops >= MAX_REDIRECTS) throw refuse(`more than ${MAX_REDIRECTS} times in a row`)
  if (!location) throw refuse('without saying where')
  if (!URL.canParse(location, from.url.href)) throw refuse('to what is no URL')
  const url = new URL(location, from.url)
  if (!isHttp(url)) throw refuse(`to ${url.protocol} which is not followed: only http and https are`)
  return { url, credentials: takeCredentials(url) ?? from.credentials }
}
