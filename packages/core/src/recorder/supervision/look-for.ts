import { toIsrError, type IsrError } from '../../errors.js'
import type { Connection, ConnectOptions, Source } from '../../sources/source.js'
import { sleep } from '../../time/clock.js'

/**
 * The pause before the next attempt, in which a source of this machine is looked for again and again.
 * @param onMiss - told why it was not there
 * @returns the connection when it was found before its time
 */
export async function lookFor(
  source: Source,
  delayMs: number,
  options: ConnectOptions,
  onMiss: (error: IsrError) => void,
): Promise<Connection | undefined> {
  const { clock, signal } = options
  const everyMs = source.lookEveryMs ?? Infinity
  const endMs = clock.monotonicMs() + delayMs
  for (;;) {
    const leftMs = endMs - clock.monotonicMs()
    await sleep(clock, Math.min(leftMs, everyMs), signal)
    if (signal.aborted || leftMs <= everyMs) return undefined
    try {
      const connection = await source.connect(options)
      if (!signal.aborted) return connection
      await connection[Symbol.asyncDispose]()
      return undefined
    } catch (error) {
      onMiss(toIsrError(error, 'ISR_SOURCE_FAILED'))
    }
  }
}
