import type { IsrError } from '../../errors.js'
import { SourceError, toIsrError } from '../../errors.js'
import type { Chunk } from '../../model.js'
import type { Connection, TakeChunk } from '../../sources/source.js'
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
  take: TakeChunk,
  signal: AbortSignal,
  clock: Clock,
): Promise<IsrError> {
  let cause: IsrError | undefined
  try {
    if (connection.deliver) await deliver(connection.deliver.bind(connection), take, signal)
    else await iterate(connection, take, signal)
  } catch (error) {
    cause = toIsrError(error, 'ISR_SOURCE_RESET')
  }
  if (signal.aborted) cause = toIsrError(signal.reason, 'ISR_STOPPED')
  await dispose(connection, clock)
  return cause ?? new SourceError('ISR_SOURCE_ENDED', 'the source ended the connection')
}

/** Resolves when all is delivered, or when `signal` aborts: then nothing is taken any more. */
async function deliver(
  deliverTo: (take: TakeChunk) => Promise<void>,
  take: TakeChunk,
  signal: AbortSignal,
): Promise<void> {
  // Node's signals are slow to ask, and every chunk does
  let isAborted = signal.aborted
  let onAbort = () => {}
  const aborted = new Promise<void>((resolve) => {
    onAbort = () => {
      isAborted = true
      resolve()
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })
  const delivered = deliverTo((chunk) => (isAborted ? undefined : take(chunk)))
  try {
    await (isAborted ? undefined : Promise.race([delivered, aborted]))
  } finally {
    delivered.catch(() => {}) // nobody asks any more
    signal.removeEventListener('abort', onAbort)
  }
}

async function iterate(connection: AsyncIterable<Chunk>, take: TakeChunk, signal: AbortSignal): Promise<void> {
  const chunks = new AbortableIterator(connection[Symbol.asyncIterator](), signal)
  try {
    let hasMore = true
    // nothing here holds a chunk until the next one comes
    const pass = (next: IteratorResult<Chunk> | undefined) => {
      hasMore = next !== undefined && !next.done && !signal.aborted
      return hasMore ? take(next!.value) : undefined
    }
    while (hasMore) {
      const room = pass(await chunks.next())
      if (room) await room
    }
  } finally {
    chunks.end()
  }
}

/** Closes a connection; waits at most two seconds for it. Never rejects. */
async function dispose(connection: Connection, clock: Clock): Promise<void> {
  const closed = Promise.resolve()
    .then(() => connection[Symbol.asyncDispose]())
    .catch(() => {})
  await within(clock, DISPOSE_MS, closed)
}
