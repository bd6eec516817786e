import { describe, expect, it } from 'vitest'
import { SourceError, type IsrError } from '../../../src/errors.js'
import { lookFor } from '../../../src/recorder/supervision/look-for.js'
import { Recorder } from '../../../src/station/recorder.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection } from '../../../src/testing/scripted-source.js'

const gone = { refuse: new SourceError('ISR_SOURCE_NOT_FOUND', 'no such device') }
const PCM = { sampleRateHz: 8000, channels: 1, sampleFormat: 's16' } as const
const back: ScriptedConnection = { pcm: PCM, steps: [{ afterMs: 100, bytes: new Uint8Array(1600) }] }

function begin(script: readonly ScriptedConnection[], delayMs: number, lookEveryMs = Infinity) {
  const clock = new FakeClock()
  const stop = new AbortController()
  const source = new ScriptedSource('mic', script)
  const misses: IsrError[] = []
  const found = lookFor(source, {
    clock,
    signal: stop.signal,
    untilMs: clock.monotonicMs() + delayMs,
    everyMs: () => lookEveryMs,
    onMiss: (error) => void misses.push(error),
  })
  return { clock, stop, source, misses, found }
}

describe('lookFor', () => {
  it('only waits for those that are not to be looked for', async () => {
    const { clock, source, found } = begin([back], 60_000)
    await clock.advance(60_000)
    expect(await found).toBeUndefined()
    expect(source.connects).toBe(0)
  })

  it('finds what comes back before its time, and tells of each miss', async () => {
    const { clock, source, misses, found } = begin([gone, gone, back], 60_000, 1000)
    await clock.advance(3000)
    expect((await found)?.pcm).toEqual(PCM)
    expect(source.connects).toBe(3)
    expect(misses).toEqual([gone.refuse, gone.refuse])
  })

  it('leaves the last look of the pause to the attempt that counts', async () => {
    const { clock, source, found } = begin([gone], 3000, 1000)
    await clock.advance(3000)
    expect(await found).toBeUndefined()
    expect(source.connects).toBe(2)
  })

  it('ends at once when it is told to', async () => {
    const { stop, found, source } = begin([gone], 60_000, 1000)
    stop.abort()
    expect(await found).toBeUndefined()
    expect(source.connects).toBe(0)
  })

  it('brings a device back within a second, while failures are counted at the pace of the settings', async () => {
    const clock = new FakeClock()
    const source = new ScriptedSource('mic', [...Array<typeof gone>(50).fill(gone), back], { lookEveryMs: 1000 })
    const retry = { maxAttempts: 10, delayMs: 5000, maxDelayMs: 60_000 }
    const recorder = new Recorder({ source, clock, storage: new MemoryStorage(clock), retry })
    const attempts: number[] = []
    recorder.on('retry', ({ attempt }) => void attempts.push(attempt))
    recorder.start()
    await clock.advance(45_000)
    expect(recorder.status).toMatchObject({ state: 'waiting', lastError: { code: 'ISR_SOURCE_NOT_FOUND' } })
    await clock.advance(10_000)
    expect(recorder.status.state).toBe('recording')
    expect(attempts).toEqual([1, 2, 3, 4, 5])
    await recorder.stop()
  })
})
