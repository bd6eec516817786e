import { SourceError } from '../../errors.js'
import type { Clock } from '../../time/clock.js'
import { redactUrl } from '../redact.js'
import { authorizationFor } from './credentials.js'
import { withDeadline } from './deadline.js'
import { followRedirect, isRedirect } from './redirect.js'
import type { Address } from './redirect.js'
import { isSuccess, refusalError } from './head/refusal.js'
import { requestHead } from './head/request-head.js'
import { headerOf, ResponseHeadParser } from './head/response-head.js'
import type { ResponseHead } from './head/response-head.js'
import { openWire } from './transport.js'
import type { Wire } from './transport.js'

/** What every request of one attempt shares. */
export interface RequestOptions {
  /** Stops the attempt. */
  readonly signal: AbortSignal
  /** Counts the time. */
  readonly clock: Clock
  /** Limit for connecting and reading one response head, in milliseconds. */
  readonly headTimeoutMs: number
  /** Whether ICY titles are asked for. */
  readonly titles: boolean
  /** PEM certificates trusted beside the well-known ones. */
  readonly trustedCertificates?: readonly string[]
}

/** An answer whose body is still to be read from `wire`. */
export interface HttpResponse extends Address {
  /** Status and headers. */
  readonly head: ResponseHead
  /** Gives the body's bytes next. */
  readonly wire: Wire
}

/**
 * Asks `start` for a live body and follows redirects to one.
 * @throws {@link SourceError} every code of connecting; the message shows no secrets
 */
export async function openResponse(start: Address, options: RequestOptions): Promise<HttpResponse> {
  let address = start
  for (let hops = 0; ; hops++) {
    const response = await exchange(address, options)
    const { head, wire, url } = response
    if (!isRedirect(head.status) && isSuccess(head)) return response
    await wire.close()
    if (!isRedirect(head.status)) {
      throw refusalError({ url, ...head, retryAfter: headerOf(head, 'retry-after') }, options.clock.now())
    }
    address = followRedirect(address, headerOf(head, 'location'), hops)
  }
}

/** One request and the head of its answer. */
function exchange(address: Address, options: RequestOptions): Promise<HttpResponse> {
  const expired = `${redactUrl(address.url)} sent no complete response head within ${options.headTimeoutMs / 1000} s`
  return withDeadline({ ...options, timeoutMs: options.headTimeoutMs, expired }, async (signal) => {
    const wire = await openWire({ ...options, url: address.url }, signal, options.clock)
    const abort = () => void wire.close()
    signal.addEventListener('abort', abort, { once: true })
    try {
      const authorization = authorizationFor(address.url, address.credentials)
      wire.write(requestHead(address.url, { titles: options.titles, authorization }))
      const head = await readHead(wire, address.url)
      // An abort may have closed the wire while its last bytes were read.
      if (signal.aborted) throw new SourceError('ISR_STOPPED', 'stopped while connecting')
      return { ...address, head, wire }
    } catch (error) {
      await wire.close()
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
  })
}

async function readHead(wire: Wire, url: URL): Promise<ResponseHead> {
  const parser = new ResponseHeadParser()
  for (;;) {
    const arrival = await wire.read()
    if (!arrival)
      throw new SourceError('ISR_SOURCE_RESET', `${redactUrl(url)} closed the connection before it answered`)
    const head = parser.push(arrival.bytes)
    if (!head) continue
    wire.unread({ bytes: parser.rest, arrivedAtMs: arrival.arrivedAtMs })
    return head
  }
}
