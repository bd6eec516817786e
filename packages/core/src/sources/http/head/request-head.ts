import { VERSION } from '../../../version.js'

/** What servers see of us. */
export const USER_AGENT = `isr/${VERSION}`

/**
 * The request for one live body. HTTP/1.1 with `connection: close`; `identity` because audio does not compress.
 * @source RFC 9112 §3
 */
export function requestHead(url: URL, options: { readonly titles: boolean; readonly authorization?: string }): string {
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    `User-Agent: ${USER_AGENT}`,
    'Accept: */*',
    'Accept-Encoding: identity',
    ...(options.titles ? ['Icy-MetaData: 1'] : []),
    ...(options.authorization ? [`Authorization: ${options.authorization}`] : []),
    'Connection: close',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}
