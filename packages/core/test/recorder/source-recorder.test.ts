import { afterEach, describe, expect, it } from 'vitest'
import type { IsrError } from '../../src/errors.js'
import { SourceError, StorageError } from '../../src/errors.js'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import type { Recording } from '../../src/model.js'
import { RECORDER_EVENTS } from '../../src/recorder/events.js'
import type { RecorderOptions } from '../../src/recorder/options.js'
import { AfterDuration } from '../../src/splitters/after-duration.js'
import { OnTitle } from '../../src/splitters/on-title.js'
import { Recorder } from '../../src/station/recorder.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import type { RecordingWriter, Storage } from '../../src/storages/storage.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { expectAllClosed, expectLedgerLaw } from '../support/ledger-law.js'
import { FRAME_BYTES, frameNumbers, numberedFormat, numberedFrames } from '../support/numbered-format.js'

const START = Date.UTC(2026, 10, 22, 12, 0, 0)

/** A broadcast: `seconds` of numbered frames, ten a second, in chunks of a second. */
function* broadcast(seconds: number, first = 0, stream = 'a'): Generator<ScriptedStep> {
  for (let second = 0; second < seconds; second++) {
    yield { afterMs: 1000, bytes: numberedFrames(first + second * 10, 10, stream) }
  }
}

function rig(script: readonly ScriptedConnection[], options: Partial<RecorderOptions> & { finite?: boolean } = {}) {
  const clock = new FakeClock(START)
  const storage = new MemoryStorage(clock)
  const ledger = new MemoryLedger()
  const source = new ScriptedSource('test', script, options)
  const recorder = new Recorder({
    source,
    storage,
    ledger,
    clock,
    timeZone: 'UTC',
    formats: [numberedFormat],
    splitter: new AfterDuration({ seconds: 5 }),
    ...options,
  })
  const events: { readonly name: string; readonly payload: unknown }[] = []
  for (const name of RECORDER_EVENTS) {
    recorder.on(name, (payload: unknown) => void events.push({ name, payload }))
  }
  const named = <T>(name: string) => events.filter((event) => event.name === name).map(({ payload }) => payload as T)
  const closed = () => named<Recording>('recording:close')
  const payload = (names = closed().map(({ name }) => name)) =>
    names.flatMap((name) => frameNumbers(storage.bytes(name)))
  return { clock, storage, ledger, source, recorder, events, named, closed, payload }
}

const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index)

const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
afterEach(() => expect(unhandled).toEqual([]))

describe('SourceRecorder', () => {
  it('records every frame once, in files that follow each other, and accounts for every byte', async () => {
    const { clock, recorder, closed, payload, ledger, source, named } = rig([{ steps: broadcast(23) }])
    recorder.start()
    await clock.advance(23_500)
    await recorder.stop()
    expect(await recorder.finished).toEqual({ source: 'test', state: 'stopped' })
    expect(payload()).toEqual(range(230))
    expect(closed().map(({ durationSeconds }) => durationSeconds)).toEqual([5, 5, 5, 5, 3])
    expect(closed().map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4])
    expect(closed().map(({ closedBy }) => closedBy)).toEqual(['boundary', 'boundary', 'boundary', 'boundary', 'stop'])
    expect(closed().map(({ name }) => name)).toEqual([
      '20261122_120000.num',
      '20261122_120005.num',
      '20261122_120010.num',
      '20261122_120015.num',
      '20261122_120020.num',
    ])
    expect(new Set(closed().map(({ run }) => run)).size).toBe(1)
    expect(expectLedgerLaw(ledger.entries)).toBe(1)
    expectAllClosed(ledger.entries)
    expect(named<{ to: string }>('state').map(({ to }) => to)).toEqual([
      'connecting',
      'recording',
      'stopping',
      'stopped',
    ])
    expect(source.open).toBe(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('starts a new run after a disconnect, at once, and tells the gap in ledger and event', async () => {
    const broken = new SourceError('ISR_SOURCE_RESET', 'connection reset')
    const { clock, recorder, closed, payload, ledger, named } = rig([
      { steps: broadcast(7), end: broken },
      { steps: [{ afterMs: 3000 }, ...broadcast(6, 100)] },
    ])
    recorder.start()
    await clock.advance(17_000)
    await recorder.stop()
    expect(payload()).toEqual([...range(70), ...range(60, 100)])
    expect(closed().map(({ closedBy }) => closedBy)).toEqual(['boundary', 'disconnect', 'boundary', 'stop'])
    expect(new Set(closed().map(({ run }) => run)).size).toBe(2)
    const [gap] = named<{ from: number; to: number; seconds: number; cause: IsrError }>('gap')
    expect(gap.cause).toBe(broken)
    expect(gap.from).toBe(START + 7000)
    expect(gap.seconds).toBeGreaterThanOrEqual(3)
    expect(gap.seconds).toBeLessThan(3.3)
    expect(ledger.entries.filter(({ type }) => type === 'gap')).toMatchObject([
      { from: '2026-11-22T12:00:07.000Z', seconds: gap.seconds, cause: 'ISR_SOURCE_RESET', run: closed()[0].run },
    ])
    expect(expectLedgerLaw(ledger.entries)).toBe(2)
    expect(recorder.status).toMatchObject({ gaps: 1, recordings: 4, recordedSeconds: 13, state: 'stopped' })
  })

  it('takes the burst on connect for audio from the past', async () => {
    const { clock, recorder, closed } = rig([
      { steps: [{ afterMs: 50, bytes: numberedFrames(0, 40) }, ...broadcast(8, 40)] },
    ])
    recorder.start()
    await clock.advance(8500)
    await recorder.stop()
    expect(closed()[0].startedAt).toBe(START + 50 - 4000)
    expect(closed()[1].startedAt).toBe(START + 50 + 1000)
  })

  it('corrects the time of the first file when the burst goes on after it was opened', async () => {
    const { clock, recorder, closed, ledger } = rig([
      {
        steps: [
          { bytes: numberedFrames(0, 10) },
          { afterMs: 1600, bytes: numberedFrames(10, 20) },
          ...broadcast(8, 30),
        ],
      },
    ])
    recorder.start()
    await clock.advance(9000)
    await recorder.stop()
    const [first, second] = closed()
    expect(first.startedAt).toBe(START + 1600 - 3000)
    expect(second.startedAt).toBe(first.startedAt + 5000)
    const lines = ledger.entries.flatMap((entry) => (entry.type === 'recording' ? [Date.parse(entry.startedAt)] : []))
    expect(lines).toEqual(closed().map(({ startedAt }) => startedAt))
  })

  it('notices a stall, closes the file and tries again', async () => {
    const { clock, recorder, source, named, payload } = rig([{ steps: broadcast(6) }, { steps: broadcast(3, 60) }], {
      stallTimeoutMs: 4000,
    })
    recorder.start()
    await clock.advance(14_900)
    await recorder.stop()
    expect(source.connects).toBe(2)
    expect(named<{ cause: IsrError }>('gap')[0].cause.code).toBe('ISR_SOURCE_STALLED')
    expect(payload()).toEqual(range(90))
    expect(source.open).toBe(0)
  })

  it('gives up after maxAttempts failures in a row, saying why', async () => {
    const refuse = new SourceError('ISR_SOURCE_NOT_FOUND', '404 Not Found')
    const { clock, recorder, source, named, ledger } = rig([{ refuse }], { retry: { maxAttempts: 3, delayMs: 100 } })
    recorder.start()
    await clock.advance(10_000)
    const result = await recorder.finished
    expect(source.connects).toBe(4)
    expect(result).toMatchObject({ state: 'failed', error: { code: 'ISR_RETRIES_EXHAUSTED', cause: refuse } })
    expect(result.error?.message).toContain('404 Not Found')
    expect(named<{ attempt: number }>('retry').map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    expect(named('error')).toHaveLength(1)
    expect(ledger.entries.map(({ type }) => type)).toEqual(['gap'])
    expect(recorder.status).toMatchObject({ state: 'failed', lastError: { code: 'ISR_RETRIES_EXHAUSTED' } })
  })

  it('gives up at once when a retry cannot help', async () => {
    const refuse = new SourceError('ISR_SOURCE_NOT_FOUND', 'no such program', { retryable: false })
    const { recorder, source } = rig([{ refuse }])
    recorder.start()
    expect(await recorder.finished).toMatchObject({ state: 'failed', error: refuse })
    expect(source.connects).toBe(1)
  })

  it('forgets failures once audio came', async () => {
    const refuse = new SourceError('ISR_SOURCE_REFUSED', '503')
    const end = new SourceError('ISR_SOURCE_RESET', 'reset')
    const good = { steps: [...broadcast(2)], end }
    const { clock, recorder, source } = rig([{ refuse }, { refuse }, good, { refuse }, { refuse }, good], {
      retry: { maxAttempts: 3, delayMs: 100 },
    })
    recorder.start()
    await clock.advance(60_000)
    expect(source.connects).toBeGreaterThan(10)
    expect(recorder.status.state).not.toBe('failed')
    await recorder.stop()
  })

  it('obeys Retry-After', async () => {
    const refuse = new SourceError('ISR_SOURCE_REFUSED', '503', { retryAfterMs: 30_000 })
    const { clock, recorder, source } = rig([{ refuse }, { steps: broadcast(5) }])
    recorder.start()
    await clock.advance(29_000)
    expect(source.connects).toBe(1)
    expect(recorder.status).toMatchObject({ state: 'waiting', retryAt: START + 30_000 })
    await clock.advance(2000)
    expect(source.connects).toBe(2)
    await recorder.stop()
  })

  it('says what it got when it is no audio, and counts every byte of it', async () => {
    const html = new TextEncoder().encode('<!DOCTYPE html><html><body>moved</body></html>'.repeat(800))
    const { clock, recorder, ledger, named } = rig(
      [{ contentType: 'text/html', steps: [{ bytes: html }], end: 'clean' }],
      {
        retry: { maxAttempts: 1, delayMs: 100 },
      },
    )
    recorder.start()
    await clock.advance(5000)
    expect(await recorder.finished).toMatchObject({ state: 'failed' })
    expect(named<{ cause: IsrError }>('retry')[0].cause).toMatchObject({
      code: 'ISR_FORMAT_UNKNOWN',
      message: expect.stringContaining('HTML') as string,
    })
    expect(expectLedgerLaw(ledger.entries)).toBe(2)
    expect(ledger.entries.some(({ type }) => type === 'open')).toBe(false)
  })

  it('opens a new file where the header changes', async () => {
    const { clock, recorder, closed, payload, ledger } = rig([{ steps: [...broadcast(3), ...broadcast(4, 30, 'b')] }])
    recorder.start()
    await clock.advance(7500)
    await recorder.stop()
    expect(closed().map(({ closedBy, durationSeconds }) => [closedBy, durationSeconds])).toEqual([
      ['format-change', 3],
      ['stop', 4],
    ])
    expect(payload()).toEqual(range(70))
    expect(closed()[1].startedAt).toBe(START + 3000)
    expectLedgerLaw(ledger.entries)
  })

  it('discards what is no frame and says so, without losing a neighbour', async () => {
    const { clock, recorder, payload, ledger, named } = rig([
      {
        steps: [
          ...broadcast(2),
          { bytes: new TextEncoder().encode('garbage') },
          ...broadcast(2, 20),
          { bytes: numberedFrames(40, 1).subarray(0, 4) },
        ],
      },
    ])
    recorder.start()
    await clock.advance(4500)
    await recorder.stop()
    expect(payload()).toEqual(range(40))
    expect(ledger.entries.filter(({ type }) => type === 'discard')).toMatchObject([
      { bytes: 7, reason: 'sync' },
      { bytes: 4, reason: 'partial-frame' },
    ])
    expect(named('discard')).toHaveLength(2)
    expectLedgerLaw(ledger.entries)
  })

  it('carries titles into files, ledger and status, and splits on them', async () => {
    const { clock, recorder, closed, ledger, storage, named } = rig(
      [
        {
          steps: [
            { bytes: numberedFrames(0, 10), metadata: { title: 'One' } },
            { afterMs: 1000, bytes: numberedFrames(10, 10) },
            { afterMs: 1000, bytes: numberedFrames(20, 10), metadata: { title: 'Two' } },
            { afterMs: 1000, bytes: numberedFrames(30, 10), metadata: { title: 'Two' } },
          ],
        },
      ],
      { splitter: new OnTitle() },
    )
    recorder.start()
    await clock.advance(4000)
    expect(recorder.status.title).toBe('Two')
    await recorder.stop()
    expect(closed().map(({ name }) => new TextDecoder().decode(storage.bytes(name)).split('\n')[0])).toEqual([
      'HEAD One first',
      'HEAD Two more',
    ])
    const titles = ledger.entries.flatMap((entry) =>
      entry.type === 'recording' ? [entry.titles.map(({ sample, title }) => [sample, title])] : [],
    )
    expect(titles).toEqual([
      [[0, 'One']],
      [
        [0, 'Two'],
        [1000, 'Two'],
      ],
    ])
    expect(named('metadata')).toHaveLength(3)
  })

  it('stands listeners that throw or reject, and warns of them', async () => {
    const { clock, recorder, payload, named } = rig([{ steps: broadcast(6) }])
    recorder.on('recording:open', () => {
      throw new Error('listener')
    })
    recorder.on('recording:close', () => Promise.reject(new Error('async listener')))
    recorder.on('warning', () => {
      throw new Error('even here')
    })
    recorder.start()
    await clock.advance(6500)
    await recorder.stop()
    expect(payload()).toEqual(range(60))
    expect(named<{ code: string }>('warning').filter(({ code }) => code === 'listener').length).toBeGreaterThanOrEqual(
      2,
    )
    expect('emit' in recorder).toBe(false)
  })

  it('is done when a finite source ended cleanly', async () => {
    const { recorder, payload, closed } = rig(
      [{ pace: 'unpaced', steps: [{ bytes: numberedFrames(0, 120) }], end: 'clean' }],
      { finite: true },
    )
    recorder.start()
    expect(await recorder.finished).toMatchObject({ state: 'stopped' })
    expect(payload()).toEqual(range(120))
    expect(closed().map(({ startedAt }) => startedAt)).toEqual([START, START + 5000, START + 10_000])
  })

  it('gives up at once when a finite source is no audio: it stays what it is', async () => {
    const html = new TextEncoder().encode('<!DOCTYPE html><html><body>moved</body></html>'.repeat(800))
    const { clock, recorder, source } = rig([{ pace: 'unpaced', steps: [{ bytes: html }], end: 'clean' }], {
      finite: true,
    })
    recorder.start()
    await clock.advance(1000)
    expect(await recorder.finished).toMatchObject({ state: 'failed', error: { code: 'ISR_FORMAT_UNKNOWN' } })
    expect(source.connects).toBe(1)
  })

  it('stops by its signal, also before it started', async () => {
    const abort = new AbortController()
    const { clock, recorder } = rig([{ steps: broadcast(9) }], { signal: abort.signal })
    recorder.start()
    await clock.advance(3000)
    abort.abort()
    expect(await recorder.finished).toMatchObject({ state: 'stopped' })
    const never = rig([{ steps: broadcast(9) }], { signal: abort.signal })
    never.recorder.start()
    expect(await never.recorder.finished).toMatchObject({ state: 'stopped' })
    expect(never.source.connects).toBe(0)
    const idle = rig([{ steps: broadcast(9) }])
    await idle.recorder.stop()
    idle.recorder.start()
    expect(idle.source.connects).toBe(0)
  })

  it('stops within the deadline when the source never lets go', async () => {
    const { clock, recorder, source } = rig([{ steps: broadcast(3) }])
    const connect = source.connect.bind(source)
    source.connect = async (options) =>
      Object.assign(await connect(options), { [Symbol.asyncDispose]: () => new Promise<void>(() => {}) })
    recorder.start()
    await clock.advance(3000)
    const stopping = recorder.stop()
    await clock.advance(2500)
    await stopping
    expect(recorder.status.state).toBe('stopped')
  })

  it('stops at the deadline when the disk hangs', async () => {
    const storage: Storage = Object.assign(new MemoryStorage(), {
      create: (name: string) =>
        Promise.resolve<RecordingWriter>({
          name,
          append: () => {},
          unsyncedBytes: 0,
          failed: new Promise<never>(() => {}),
          commit: () => new Promise<void>(() => {}),
        }),
    })
    const { clock, recorder } = rig([{ steps: broadcast(3) }], { storage })
    recorder.start()
    await clock.advance(3000)
    let stopped = false
    void recorder.stop({ deadlineMs: 5000 }).then(() => (stopped = true))
    await clock.advance(4900)
    expect(stopped).toBe(false)
    await clock.advance(200)
    expect(stopped).toBe(true)
  })

  it('tells of a volume that cannot be written, keeps what comes, and writes it when it is back', async () => {
    const good = new MemoryStorage()
    let broken = true
    const storage: Storage = Object.assign(new MemoryStorage(), {
      create: (name: string) =>
        broken ? Promise.reject(new StorageError('ISR_STORAGE_DENIED', 'read-only')) : good.create(name),
    })
    const { clock, recorder, source, named, ledger } = rig([{ steps: broadcast(18) }], {
      storage,
      retry: { maxAttempts: 1, delayMs: 1000 },
    })
    recorder.start()
    await clock.advance(8000)
    expect(named<{ error: IsrError }>('error').map(({ error }) => error.code)).toEqual(['ISR_STORAGE_DENIED'])
    broken = false
    await clock.advance(10_000)
    expect(recorder.status.state).toBe('recording')
    await recorder.stop()
    expect(source.connects).toBe(1)
    const closed = named<Recording>('recording:close').map(({ name }) => name)
    expect(closed.flatMap((name) => frameNumbers(good.bytes(name)))).toEqual(range(180))
    expectLedgerLaw(ledger.entries)
  })

  it('accounts for what a volume that fills up did not take', async () => {
    let room = 45 * FRAME_BYTES
    const storage: Storage = Object.assign(new MemoryStorage(), {
      create: (name: string) => {
        let fail!: (error: Error) => void
        let unsynced = 0
        const failed = new Promise<never>((_, reject) => (fail = reject))
        failed.catch(() => {})
        const fault = new StorageError('ISR_STORAGE_FULL', 'full')
        return Promise.resolve<RecordingWriter>({
          name,
          append: (bytes) => {
            if (bytes.length > room) {
              unsynced += bytes.length
              fail(fault)
            } else room -= bytes.length
          },
          get unsyncedBytes() {
            return unsynced
          },
          failed,
          commit: () => (unsynced > 0 ? Promise.reject(fault) : Promise.resolve()),
        })
      },
    })
    const { clock, recorder, ledger } = rig([{ steps: broadcast(8) }], { storage })
    recorder.start()
    await clock.advance(8500)
    const stopping = recorder.stop()
    await clock.advance(25_000)
    await stopping
    expect((await recorder.finished).state).toBe('failed')
    expect(expectLedgerLaw(ledger.entries)).toBe(1)
    expect(ledger.entries).toContainEqual(
      expect.objectContaining({ type: 'recording', closedBy: 'error', frames: 44, seq: 0 }),
    )
    expect(ledger.entries).toContainEqual(expect.objectContaining({ type: 'gap', from: '2026-11-22T12:00:04.400Z' }))
    expect(ledger.entries).toContainEqual(expect.objectContaining({ type: 'discard', reason: 'storage', bytes: 3600 }))
  })

  it.each([
    [{ source: 'ftp://x/' }, 'http'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ opusPrerollMs: 5 }, 'opusPrerollMs'],
    [{ stallTimeoutMs: -1 }, 'stallTimeoutMs'],
    [{ retry: { delayMs: NaN } }, 'retry.delayMs'],
  ] as const)('refuses %j clearly', (options, word) => {
    expect(() => new Recorder({ source: 'http://127.0.0.1/', ...options })).toThrow(
      expect.objectContaining({
        code: 'ISR_ARGUMENT_INVALID',
        message: expect.stringContaining(word) as string,
      }) as Error,
    )
  })
})
