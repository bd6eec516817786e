import { SourceError } from '../../errors.js'
import type { Clock } from '../../time/clock.js'
import { stoppedError } from '../source-error.js'

/** The limits of one step of connecting. */
interface Deadline {
  /** Stops the whole attempt. */
  readonly signal: AbortSignal
  /** Counts the time. */
  readonly clock: Clock
  /** How long the step may take, in milliseconds. */
  readonly timeoutMs: number
  /** Message of the error when the time is over. */
  readonly expired: string
}

/**
 * Does `work` with a signal that aborts when the attempt is stopped or the time is over.
 * @throws {@link SourceError} `ISR_STOPPED`, `ISR_SOURCE_STALLED`, or what `work` threw
 */
export async function withDeadline<T>(deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (deadline.signal.aborted) throw stoppedError()
  const step = new AbortController()
  const stop = () => step.abort()
  let expired = false
  const timer = deadline.clock.after(deadline.timeoutMs, () => {
    expired = true
    step.abort()
  })
  deadline.signal.addEventListener('abort', stop, { once: true })
  try {
    return await work(step.signal)
  } catch (error) {
    if (deadline.signal.aborted) throw stoppedError()
    if (expired) throw new SourceError('ISR_SOURCE_STALLED', deadline.expired)
    throw error
  } finally {
    timer.cancel()
    deadline.signal.removeEventListener('abort', stop)
  }
}
