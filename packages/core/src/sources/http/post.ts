import { Agent, request } from 'undici'
import type { Clock } from '../../time/clock.js'
import { redactUrl } from '../redact.js'
import { takeCredentials } from './credentials.js'
import { withDeadline } from './deadline.js'
import { USER_AGENT } from './head/request-head.js'
import { parseHttpUrl } from './http-url.js'

/** What is posted, and how long it may take. */
export interface PostOptions {
  /** Goes out as UTF-8. */
  readonly body: string
  /** Beside those that every request has. */
  readonly headers: Readonly<Record<string, string>>
  /** For connecting, sending and the head of the answer, in milliseconds. */
  readonly timeoutMs: number
  /** Counts the time. */
  readonly clock: Clock
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Sends one POST request on a connection of its own; follows no redirects. User and password of the URL go into a header.
 * @returns the status; what else is answered is not read
 * @throws {@link SourceError} `ISR_SOURCE_STALLED`, `ISR_STOPPED`, or what the network says; no message holds a secret of the URL
 */
export async function post(url: string, { body, headers, ...options }: PostOptions): Promise<number> {
  const address = parseHttpUrl(url)
  const credentials = takeCredentials(address)
  const expired = `${redactUrl(address)} does not answer within ${options.timeoutMs / 1000} s`
  // time is counted by our clock alone
  const agent = new Agent({ connections: 1, connect: { timeout: 0 }, headersTimeout: 0, bodyTimeout: 0 })
  try {
    return await withDeadline({ ...options, expired }, async (signal) => {
      const answer = await request(address, {
        dispatcher: agent,
        method: 'POST',
        signal,
        body,
        headers: {
          ...headers,
          'user-agent': USER_AGENT,
          ...(credentials && { authorization: credentials.authorization }),
        },
      })
      answer.body.on('error', () => {})
      answer.body.destroy()
      return answer.statusCode
    })
  } finally {
    await agent.destroy()
  }
}
