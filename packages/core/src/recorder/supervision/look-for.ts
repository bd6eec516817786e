import { toIsrError, type IsrError } from '../../errors.js'
import type { MonotonicMs } from '../../model.js'
import type { Connection, ConnectOptions, Source } from '../../sources/source.js'
import { sleep } from '../../time/clock.js'

/** How a pause is spent. */
export interface PauseOptions extends ConnectOptions {
  /** When it ends, on the monotonic clock. */
  readonly untilMs: MonotonicMs
  /** How long after now the source is looked for; asked again after each miss. Infinity: not in this pause. */
  readonly everyMs: () => number
  /** Told why it was not there. */
  readonly onMiss: (error: IsrError) => void
}

/**
 * The pause before the next attempt, in which a source is looked for again and again without counting it.
 * @returns the connection when it was found before its time
 */
export async function lookFor(source: Source, options: PauseOptions): Promise<Connection | undefined> {
  const { clock, signal, untilMs, everyMs, onMiss, onWarning } = options
  for (;;) {
    const leftMs = untilMs - clock.monotonicMs()
    const waitMs = everyMs()
    await sleep(clock, Math.min(leftMs, waitMs), signal)
    // the last look is the attempt that counts
    if (signal.aborted || leftMs <= waitMs) return undefined
    try {
      const connection = await source.connect({ signal, clock, ...(onWarning && { onWarning }) })
      if (!signal.aborted) return connection
      await connection[Symbol.asyncDispose]()
      return undefined
    } catch (error) {
      onMiss(toIsrError(error, 'ISR_SOURCE_FAILED'))
    }
  }
}
