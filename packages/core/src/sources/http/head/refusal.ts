import { STATUS_CODES } from 'node:http'

import { SourceError } from '../../../errors.js'
import type { IsrErrorCode } from '../../../errors.js'
import type { EpochMs } from '../../../model.js'
import { printable, redactUrl } from '../../redact.js'

/** The part of an answer that says no. */
interface RefusedAnswer {
  /** Address that answered. */
  readonly url: URL
  /** `HTTP/1.1`, `ICY`, ... */
  readonly protocol: string
  /** Status code. */
  readonly status: number
  /** Reason phrase as sent. */
  readonly reason: string
  /** Value of `Retry-After`. */
  readonly retryAfter?: string
}

/** Longest pause that a server may ask for: a day. */
const MAX_RETRY_AFTER_MS = 24 * 3600 * 1000

/** Whether the body of an answer with this status is audio. */
export function isSuccess(answer: { readonly protocol: string; readonly status: number }): boolean {
  return answer.protocol !== 'SOURCETABLE' && answer.status >= 200 && answer.status < 300 && answer.status !== 204
}

/** The error of an answer that is no success. */
export function refusalError(answer: RefusedAnswer, now: EpochMs): SourceError {
  const { url, status, protocol } = answer
  // NTRIP casters answer with their table of mounts when the wanted one does not exist.
  if (protocol === 'SOURCETABLE') {
    return new SourceError('ISR_SOURCE_NOT_FOUND', `${redactUrl(url)} does not exist: the caster sent its source table`)
  }
  const reason = printable(answer.reason, 80) || STATUS_CODES[status] || 'no reason given'
  return new SourceError(codeOf(answer), `${redactUrl(url)} answered ${status} ${reason}`, {
    retryAfterMs: parseRetryAfter(answer.retryAfter, now),
  })
}

function codeOf({ protocol, status, reason }: RefusedAnswer): IsrErrorCode {
  // SHOUTcast 1 says `ICY 401 Service Unavailable` while no source is connected.
  const down = protocol === 'ICY' && /unavailable/i.test(reason)
  if ((status === 401 || status === 403) && !down) return 'ISR_SOURCE_UNAUTHORIZED'
  return status === 404 || status === 410 ? 'ISR_SOURCE_NOT_FOUND' : 'ISR_SOURCE_REFUSED'
}

/**
 * `Retry-After` in milliseconds from now, at most a day; `undefined` when absent or unreadable.
 * @source RFC 9110 §10.2.3
 */
export function parseRetryAfter(value: string | undefined, now: EpochMs): number | undefined {
  const text = value?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : /[a-z]/i.test(text) ? Date.parse(text) - now : NaN
  return Number.isNaN(ms) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms))
}
