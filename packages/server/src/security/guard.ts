import type { IncomingMessage } from 'node:http'
import { HttpError } from '../http/http-error.js'
import type { Access } from './access.js'
import { isKnownHost } from './hosts.js'
import { mayChange } from './same-origin.js'

/** Paths that tell nothing and are asked by machines without a token. */
const OPEN_PATHS = new Set(['/healthz', '/login'])

/** Looks at every request before anything else does. */
export class Guard {
  readonly #access: Access
  readonly #hosts: ReadonlySet<string>

  /**
   * @param access - who may come in
   * @param hosts - names of this server, in lower case
   */
  constructor(access: Access, hosts: ReadonlySet<string>) {
    this.#access = access
    this.#hosts = hosts
  }

  /**
   * @param request - as it came
   * @param path - of its URL, below where the server is mounted
   * @throws {@link HttpError} 400, 401, 403, 421, 429
   */
  check(request: IncomingMessage, path: string): void {
    const { headers, method, socket } = request
    // with two of them a proxy before us may have believed the other one (RFC 9112 §3.2)
    if (countHosts(request.rawHeaders) !== 1)
      throw new HttpError(400, 'HTTP_HOST', 'a request needs the header Host, once')
    if (!isKnownHost(headers.host, this.#hosts))
      throw new HttpError(421, 'HTTP_HOST', 'this server is not known by that name: start it with --allow-host NAME')
    if (!mayChange(method, headers))
      throw new HttpError(403, 'HTTP_ORIGIN', 'only pages of this server may change something here')
    if (OPEN_PATHS.has(path)) return
    const address = socket.remoteAddress ?? ''
    if (this.#access.admits(headers, address)) return
    if (this.#access.mustWait(address))
      throw new HttpError(429, 'HTTP_TOO_MANY_TRIES', 'too many wrong tokens: try again in a minute')
    throw new HttpError(401, 'HTTP_TOKEN', 'a token is needed: Authorization: Bearer ..., or log in')
  }
}

/** @param rawHeaders - names and values in turn */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at].length === 4 && rawHeaders[at].toLowerCase() === 'host') count++
  return count
}
