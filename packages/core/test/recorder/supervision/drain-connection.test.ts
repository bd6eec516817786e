import { describe, expect, it } from 'vitest'
import { IsrError, SourceError } from '../../../src/errors.js'
import type { Chunk } from '../../../src/model.js'
import { drainConnection } from '../../../src/recorder/supervision/drain-connection.js'
import type { Connection, TakeChunk } from '../../../src/sources/source.js'
import { systemClock } from '../../../src/time/clock.js'

const chunk = (at: number): Chunk => ({ bytes: Uint8Array.of(at) })

/** A connection that delivers by hand. */
function rig() {
  let give!: TakeChunk
  let end!: (error?: Error) => void
  const delivered = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve())
  })
  const state = { isDisposed: false, isIterated: false }
  const connection: Connection = {
    contentType: '',
    deliver: (take) => {
      give = take
      return delivered
    },
    // eslint-disable-next-line require-yield
    async *[Symbol.asyncIterator]() {
      state.isIterated = true
    },
    [Symbol.asyncDispose]: () => {
      state.isDisposed = true
      return Promise.resolve()
    },
  }
  const abort = new AbortController()
  const taken: number[] = []
  const cause = drainConnection(connection, ({ bytes }) => void taken.push(bytes[0]), abort.signal, systemClock)
  return { give: (at: number) => give(chunk(at)), end, abort, taken, cause, state }
}

describe('drainConnection, of a connection that delivers', () => {
  it('takes each chunk at once, and tells of its end', async () => {
    const { give, end, taken, cause, state } = rig()
    void give(1)
    void give(2)
    expect(taken).toEqual([1, 2])
    end()
    expect((await cause).code).toBe('ISR_SOURCE_ENDED')
    expect(state).toEqual({ isDisposed: true, isIterated: false })
  })

  it('tells why it broke', async () => {
    const { end, cause, state } = rig()
    end(new SourceError('ISR_SOURCE_RESET', 'reset', { source: 'test' }))
    expect((await cause).code).toBe('ISR_SOURCE_RESET')
    expect(state.isDisposed).toBe(true)
  })

  it('takes nothing after an abort, though it may never end', async () => {
    const { give, abort, taken, cause, state } = rig()
    void give(1)
    abort.abort(new IsrError('ISR_STOPPED', 'stopped'))
    void give(2)
    expect((await cause).code).toBe('ISR_STOPPED')
    expect(taken).toEqual([1])
    expect(state.isDisposed).toBe(true)
  })
})
