import type { IsrError } from '../../errors.js'
import { SourceError, toIsrError } from '../../errors.js'
import type { Chunk } from '../../model.js'
import type { Connection } from '../../sources/source.js'
import { within, type Clock } from '../../time/clock.js'
import { AbortableIterator } from './abortable.js'

/** A source that does not let go within this time is left behind. */
const DISPOSE_MS = 2000

/**
 * Hands every chunk of `connection` to `take` until it ends, breaks, or `signal` aborts; disposes it in any case.
 * @param take - takes a chunk; the next is fetched when its promise resolves, at once when there is none
 * @returns why it ended: the abort's reason, the source's error, or `ISR_SOURCE_ENDED`
 */
export async function drainConnection(
  connection: Connection,
  take: (chunk: Chunk) => Promise<void> | undefined,
  signal: AbortSignal,
  clock: Clock,
): Promise<IsrError> {
  let cause: IsrError | undefined
  let chunks: AbortableIterator<Chunk> | undefined
  try {
    chunks = new AbortableIterator(connection[Symbol.asyncIterator](), signal)
    for (;;) {
      const next = await chunks.next()
      if (!next || next.done) break
      const room = take(next.value)
      if (room) await room
      if (signal.aborted) break
    }
  } catch (error) {
    cause = toIsrError(error, 'ISR_SOURCE_RESET')
  }
  chunks?.end()
  if (signal.aborted) cause = toIsrError(signal.reason, 'ISR_STOPPED')
  await dispose(connection, clock)
  return cause ?? new SourceError('ISR_SOURCE_ENDED', 'the source ended the connection')
}

/** Closes a connection; waits at most two seconds for it. Never rejects. */
async function dispose(connection: Connection, clock: Clock): Promise<void> {
  const closed = Promise.resolve()
    .then(() => connection[Symbol.asyncDispose]())
    .catch(() => {})
  await within(clock, DISPOSE_MS, closed)
}
