/** How to try again, every default applied. */
export interface RetrySettings {
  /** Retries in a row that may fail before giving up; 0 never gives up. */
  readonly maxAttempts: number
  /** Pause after the second failure in a row. */
  readonly delayMs: number
  /** Longest pause, jitter included. */
  readonly maxDelayMs: number
  /** Pause between two attempts after giving up; 0 ends the recorder then. */
  readonly probeMs: number
}

/** Keeps a thousand sources of one lost server from coming back in the same millisecond. */
const FIRST_RETRY_SPREAD_MS = 200
const JITTER = 0.2

/**
 * The pause before the next attempt, in milliseconds; undefined when it is time to give up.
 * The first retry is immediate: most stations only restarted. Then the pause doubles, +-20 % jitter; the jitter of the
 * longest pause lies below it, or half of all would come after exactly that time, in step.
 *
 * @param failures - consecutive failures so far, at least 1
 * @param retryAfterMs - what the server asked for; never shortened
 * @param random - 0 <= random < 1
 */
export function retryDelayMs(
  settings: RetrySettings,
  failures: number,
  retryAfterMs: number | undefined,
  random: number,
): number | undefined {
  if (settings.maxAttempts > 0 && failures > settings.maxAttempts) return undefined
  const doubled = Math.min(settings.delayMs * 2 ** Math.min(failures - 2, 30), settings.maxDelayMs / (1 + JITTER))
  const ownMs = failures === 1 ? random * FIRST_RETRY_SPREAD_MS : doubled * jitter(random)
  return Math.max(ownMs, retryAfterMs ?? 0)
}

/**
 * The pause before the next attempt after giving up, in milliseconds, +-20 %; undefined when there is none.
 *
 * @param random - 0 <= random < 1
 */
export function probePauseMs({ probeMs }: RetrySettings, random: number): number | undefined {
  return probeMs > 0 ? probeMs * jitter(random) : undefined
}

const jitter = (random: number): number => 1 + JITTER * (2 * random - 1)
