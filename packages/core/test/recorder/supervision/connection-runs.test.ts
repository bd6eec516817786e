import { describe, expect, it } from 'vitest'
import { SourceError } from '../../../src/errors.js'
import type { GapLine, RecordingLine, RunLine } from '../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import { Recorder } from '../../../src/station/recorder.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedStep } from '../../../src/testing/scripted-source.js'
import { expectAllClosed, expectLedgerLaw } from '../../support/ledger-law.js'

const START = Date.UTC(2026, 10, 22, 12, 0, 0)
const PCM = { sampleRateHz: 8000, channels: 1, sampleFormat: 's16' } as const
const OVERRUN = new SourceError('ISR_SOURCE_OVERRUN', 'arecord, hw:1,0: overrun!!! (at least 31.4 ms long)')

/** A ramp in chunks of 100 ms, from sample `first` on; the chunk at `lossAt` comes after a loss. */
function* ramp(chunks: number, lossAt?: number, seconds = 0.0314): Generator<ScriptedStep> {
  for (let chunk = 0; chunk < chunks; chunk++) {
    const samples = Uint16Array.from({ length: 800 }, (_, index) => chunk * 800 + index)
    const lossBefore = chunk === lossAt ? { lossBefore: { seconds, cause: OVERRUN } } : {}
    const lateMs = chunk === lossAt ? seconds * 1000 : 0
    yield { afterMs: 100 + lateMs, bytes: new Uint8Array(samples.buffer), ...lossBefore }
  }
}

async function record(steps: Iterable<ScriptedStep>, seconds: number) {
  const clock = new FakeClock(START)
  const storage = new MemoryStorage(clock)
  const ledger = new MemoryLedger()
  const source = new ScriptedSource('mic', [{ steps, pcm: PCM }])
  const recorder = new Recorder({ source, storage, ledger, clock, timeZone: 'UTC' })
  const events: string[] = []
  recorder.on('run:start', () => void events.push('run:start'))
  recorder.on('run:end', ({ cause }) => void events.push(`run:end ${cause.code}`))
  recorder.on('gap', (gap) => void events.push(`gap ${gap.seconds} ${gap.cause.code}`))
  recorder.on('state', ({ to }) => void events.push(to))
  recorder.start()
  await clock.advance(seconds * 1000)
  const { recordedSeconds, receivedBytes } = recorder.status
  await recorder.stop()
  const lines = <T>(type: string) => ledger.entries.filter((entry) => entry.type === type) as unknown as T[]
  const recordings = lines<RecordingLine>('recording')
  const samples = recordings.map(
    ({ name, headerBytes }) => new Uint16Array(storage.bytes(name).slice(headerBytes).buffer),
  )
  expectLedgerLaw(ledger.entries)
  expectAllClosed(ledger.entries)
  return {
    source,
    events,
    recordings,
    samples,
    gaps: lines<GapLine>('gap'),
    runs: lines<RunLine>('run'),
    recordedSeconds,
    receivedBytes,
  }
}

describe('samples that a source lost', () => {
  it('are a gap of just their length between two files and two runs; the connection goes on', async () => {
    const { source, events, recordings, samples, gaps, runs, recordedSeconds, receivedBytes } = await record(
      ramp(40, 15),
      4.1,
    )
    expect(source.connects).toBe(1)
    expect(recordings.map(({ samples }) => samples)).toEqual([12_000, 20_000])
    expect(samples.flatMap((one) => [...one])).toEqual(Array.from({ length: 32_000 }, (_, index) => index))
    const [first, second] = recordings
    expect(first.closedBy).toBe('disconnect')
    expect(new Set([first.run, second.run]).size).toBe(2)
    expect(gaps).toMatchObject([{ seconds: 0.0314, cause: 'ISR_SOURCE_OVERRUN', run: first.run }])
    expect(Date.parse(second.startedAt) - Date.parse(first.startedAt)).toBe(1531)
    expect(Date.parse(gaps[0].to) - Date.parse(gaps[0].from)).toBeCloseTo(31, 0)
    expect(runs.map(({ cause }) => cause)).toEqual(['ISR_SOURCE_OVERRUN', 'ISR_STOPPED'])
    expect([recordedSeconds, receivedBytes]).toEqual([4, 64_000])
    expect(events).toEqual([
      ...[
        'connecting',
        'recording',
        'run:start',
        'gap 0.0314 ISR_SOURCE_OVERRUN',
        'run:start',
        'run:end ISR_SOURCE_OVERRUN',
      ],
      ...['stopping', 'run:end ISR_STOPPED', 'stopped'],
    ])
  })

  it('are one when they come while the start of the run is still being learnt', async () => {
    const { recordings, gaps } = await record(ramp(10, 2), 1.1)
    expect(recordings.map(({ samples }) => samples)).toEqual([1600, 6400])
    expect(gaps.map(({ seconds }) => seconds)).toEqual([0.0314])
  })

  it('are nothing before the first audio', async () => {
    const { recordings, gaps } = await record(ramp(10, 0), 1.2)
    expect(recordings.map(({ samples }) => samples)).toEqual([8000])
    expect(gaps).toEqual([])
  })
})
