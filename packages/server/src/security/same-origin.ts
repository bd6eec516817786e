import type { IncomingHttpHeaders } from 'node:http'

/** Methods that change nothing. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a request may change something: browsers tell where it comes from, and it must be our own page. Programs that are no browser
 * send neither header.
 * @source Fetch Metadata §2.3, RFC 6454 §7
 */
export function mayChange(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  if (SAFE.has(method ?? '')) return true
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin, host } = headers
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()
}
