import { safeDecode } from './http-url.js'

/** What `Authorization` says, and to whom. */
export interface Credentials {
  /** The address they were given for. */
  readonly scope: URL
  /** Value of the `Authorization` header. */
  readonly authorization: string
}

/** User and password of an address: those given apart, else those inside the URL. */
interface Login {
  /** User name. */
  readonly username?: string
  /** Password. */
  readonly password?: string
}

/**
 * Takes user and password out of `url` (percent-decoded, removed from it).
 * @source RFC 7617
 */
export function takeCredentials(url: URL, login: Login = {}): Credentials | undefined {
  const username = login.username ?? safeDecode(url.username)
  const password = login.password ?? safeDecode(url.password)
  url.username = ''
  url.password = ''
  if (username === '' && password === '') return undefined
  const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
  return { scope: new URL(url), authorization }
}

/** The header value for `url`: only for the host and port it was given for, and for the same host's move to standard https. */
export function authorizationFor(url: URL, credentials: Credentials | undefined): string | undefined {
  if (!credentials) return undefined
  const { scope, authorization } = credentials
  const sameOrigin = scope.protocol === url.protocol && scope.host === url.host
  // `port` is empty for the standard port of the scheme.
  const upgraded =
    scope.hostname === url.hostname &&
    scope.protocol === 'http:' &&
    url.protocol === 'https:' &&
    !scope.port &&
    !url.port
  return sameOrigin || upgraded ? authorization : undefined
}
