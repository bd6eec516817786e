import { SourceError, type IsrError, type IsrErrorCode } from '../../errors.js'

/** An outage that lasts for longer is waited for at the pace of the settings. */
const SHORT_OUTAGE_MS = 60_000
/** A server that restarts is back within seconds. */
const RESTART_MS = 10_000

/** To be refused costs nobody anything; so does a name that does not resolve for now. */
const QUICK_LOOK_MS = 400
/** To be answered costs the server something. */
const LOOK_MS = 1250

/** Nobody asked for other credentials comes with them a second later. */
const HOPELESS: readonly IsrErrorCode[] = ['ISR_SOURCE_UNAUTHORIZED', 'ISR_SOURCE_TLS', 'ISR_FORMAT_UNKNOWN']

/**
 * How long after a miss a source that was lost is looked for again, beside the attempts that count, in milliseconds: it is to be
 * heard again within half a second of the restart of its server, and within two of any outage under a minute. Infinity: only the
 * attempts that count.
 *
 * @param lostMs - for how long nothing has come; undefined when nothing ever came
 * @param cause - what the last attempt or look failed with
 * @param random - 0 <= random < 1, so that the sources of one server do not come in step
 */
export function lookPaceMs(lostMs: number | undefined, cause: IsrError, random: number): number {
  if (lostMs === undefined || lostMs >= SHORT_OUTAGE_MS || HOPELESS.includes(cause.code)) return Infinity
  if (cause instanceof SourceError && (cause.retryAfterMs !== undefined || !cause.retryable)) return Infinity
  const quick = cause.code === 'ISR_SOURCE_UNREACHABLE' && lostMs < RESTART_MS
  return (quick ? QUICK_LOOK_MS : LOOK_MS) * (0.8 + 0.4 * random)
}
