import { IsrError } from '../errors.js'
import { sleep, type Clock } from '../time/clock.js'

/** A pause longer than this gives nobody more room. */
const MAX_PAUSE_MS = 50

/**
 * For work beside recording: rests for as long as it has worked, so that it never takes more than half of the processor.
 * @throws {@link IsrError} `ISR_STOPPED`, from the pause, once `signal` has aborted
 */
export function gentlePace(clock: Clock, signal: AbortSignal): () => Promise<void> {
  let resumedMs = clock.monotonicMs()
  return async () => {
    const workedMs = clock.monotonicMs() - resumedMs
    if (workedMs >= 1) await sleep(clock, Math.min(MAX_PAUSE_MS, workedMs), signal)
    if (signal.aborted) throw new IsrError('ISR_STOPPED', 'repair goes on after the next start')
    resumedMs = clock.monotonicMs()
  }
}
