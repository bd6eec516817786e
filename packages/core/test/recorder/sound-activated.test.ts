import { describe, expect, it } from 'vitest'
import { SourceError } from '../../src/errors.js'
import { isQuiet } from '../../src/ledger/entry.js'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { Findings } from '../../src/ledger/verify/finding.js'
import { LedgerIndex } from '../../src/ledger/verify/ledger-index.js'
import { checkLines } from '../../src/ledger/verify/check-lines.js'
import { checkRuns } from '../../src/ledger/verify/check-runs.js'
import { checkTimes } from '../../src/ledger/verify/check-times.js'
import type { LedgerEntry } from '../../src/ledger/entry.js'
import type { Recording } from '../../src/model.js'
import { RECORDER_EVENTS } from '../../src/recorder/events.js'
import type { RecorderOptions } from '../../src/recorder/options.js'
import { AfterDuration } from '../../src/splitters/after-duration.js'
import { Recorder } from '../../src/station/recorder.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { expectAllClosed, expectLedgerLaw } from '../support/ledger-law.js'

const START = Date.UTC(2026, 10, 22, 12)
const RATE_HZ = 8000
const PCM = { sampleRateHz: RATE_HZ, channels: 1, sampleFormat: 's32' } as const

/** A chunk a second: `#` is a second of sound, `.` one of silence. Each sample carries its number, far below any threshold. */
function* seconds(text: string, from = 0): Generator<ScriptedStep> {
  for (const [second, letter] of [...text].entries()) {
    const first = (from + second) * RATE_HZ
    const samples = Int32Array.from({ length: RATE_HZ }, (_, index) => (letter === '#' ? 1 << 29 : 0) + first + index)
    yield { afterMs: 1000, bytes: new Uint8Array(samples.buffer) }
  }
}

function rig(script: readonly ScriptedConnection[], options: Partial<RecorderOptions> = {}) {
  const clock = new FakeClock(START)
  const storage = new MemoryStorage(clock)
  const ledger = new MemoryLedger()
  const recorder = new Recorder({
    source: new ScriptedSource(
      'test',
      script.map((connection) => ({ pcm: PCM, ...connection })),
    ),
    storage,
    ledger,
    clock,
    timeZone: 'UTC',
    splitter: new AfterDuration({ seconds: 10 }),
    trigger: { db: -20, preRecordSeconds: 1.5, holdSeconds: 2.25 },
    ...options,
  })
  const events: { readonly name: string; readonly payload: object }[] = []
  for (const name of RECORDER_EVENTS) {
    if (name === 'level') continue
    recorder.on(name, (payload: object) => void events.push({ name, payload }))
  }
  const named = <T>(name: string) => events.filter((event) => event.name === name).map(({ payload }) => payload as T)
  /** Seconds of the source that are in each file, from the numbers in it; all samples between are there. */
  const spans = () =>
    named<Recording>('recording:close').map(({ name }) => {
      const bytes = storage.bytes(name)
      const numbers = new Int32Array(bytes.slice(dataStart(bytes)).buffer).map((sample) => sample & 0xfffffff)
      expect(numbers.every((number, index) => number === numbers[0] + index)).toBe(true)
      return [numbers[0] / RATE_HZ, (numbers[0] + numbers.length) / RATE_HZ]
    })
  return { clock, ledger, recorder, named, spans }
}

/** Behind `data` and its length. */
function dataStart(bytes: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('data', 0, 'latin1') + 8
}

/** What verification has to say of the lines alone. */
function findings(entries: readonly LedgerEntry[]) {
  const found = new Findings()
  const index = new LedgerIndex(found)
  entries.forEach((entry, line) =>
    index.take({ line: line + 1, startByte: line * 100, text: JSON.stringify(entry), entry }),
  )
  checkLines(index, found)
  checkRuns(index, found)
  const totals = checkTimes(index, found)
  return { found: found.list, totals }
}

const quietOf = (entries: readonly LedgerEntry[]) =>
  entries.flatMap((entry) => (entry.type === 'discard' && isQuiet(entry) ? [entry] : []))

describe('sound-activated recording', () => {
  it('records sound with what was before and after, to the sample, and accounts for the quiet in one line each', async () => {
    const { clock, recorder, spans, ledger, named } = rig([{ steps: seconds('.....##........#...........') }])
    recorder.start()
    await clock.advance(27_500)
    expect(recorder.status).toMatchObject({ state: 'recording', recordings: 2, recordedSeconds: 10.5 })
    expect(recorder.status.recording).toBeUndefined()
    await recorder.stop()
    expect(spans()).toEqual([
      [3.5, 9.25],
      [13.5, 18.25],
    ])
    expect(named<Recording>('recording:close')).toMatchObject([
      { startedAt: START + 3500, sequence: 1, closedBy: 'boundary' },
      { startedAt: START + 13_500, sequence: 3, closedBy: 'boundary' },
    ])
    expect(named('trigger:start')).toEqual([
      { source: 'test', at: START + 5000, from: START + 3500, levelDb: -12.04 },
      { source: 'test', at: START + 15_000, from: START + 13_500, levelDb: -12.04 },
    ])
    expect(named('trigger:end')).toEqual([
      { source: 'test', at: START + 9250, seconds: 5.75 },
      { source: 'test', at: START + 18_250, seconds: 4.75 },
    ])
    expect(quietOf(ledger.entries)).toMatchObject([
      {
        seq: 0,
        seconds: 3.5,
        bytes: 3.5 * RATE_HZ * 4,
        from: '2026-11-22T12:00:00.000Z',
        to: '2026-11-22T12:00:03.500Z',
      },
      { seq: 2, seconds: 4.25, from: '2026-11-22T12:00:09.250Z', to: '2026-11-22T12:00:13.500Z' },
      { seq: 4, seconds: 8.75, to: '2026-11-22T12:00:27.000Z' },
    ])
    expect(ledger.entries.filter(({ type }) => type === 'discard')).toHaveLength(3)
    expect(expectLedgerLaw(ledger.entries)).toBe(1)
    expectAllClosed(ledger.entries)
    expect(findings(ledger.entries)).toEqual({ found: [], totals: { gaps: 0, seconds: 0, quietSeconds: 16.5 } })
  })

  it('cuts long sound as ever: its files join', async () => {
    const { clock, recorder, spans, ledger } = rig([{ steps: seconds(`..${'#'.repeat(22)}.....`) }])
    recorder.start()
    await clock.advance(29_500)
    await recorder.stop()
    expect(spans()).toEqual([
      [0.5, 10.5],
      [10.5, 20.5],
      [20.5, 26.25],
    ])
    expect(quietOf(ledger.entries).map(({ seq }) => seq)).toEqual([0, 4])
    expect(findings(ledger.entries).found).toEqual([])
  })

  it('ends with the connection, wherever that is, and the gap begins where the audio ended', async () => {
    const broken = new SourceError('ISR_SOURCE_RESET', 'connection reset')
    const { clock, recorder, spans, ledger, named } = rig([
      { steps: seconds('....#.'), end: broken },
      { steps: [{ afterMs: 2000 }, ...seconds('......', 100)], end: broken },
      { steps: [{ afterMs: 2000 }, ...seconds('..#', 200)] },
    ])
    recorder.start()
    await clock.advance(30_000)
    await recorder.stop()
    expect(spans()).toEqual([
      [2.5, 6],
      [200.5, 203],
    ])
    expect(named<Recording>('recording:close').map(({ closedBy }) => closedBy)).toEqual(['disconnect', 'stop'])
    expect(named('trigger:end')).toHaveLength(2)
    expect(named<{ seconds: number }>('gap')).toHaveLength(2)
    expect(expectLedgerLaw(ledger.entries)).toBe(3)
    const { found, totals } = findings(ledger.entries)
    expect(found).toEqual([])
    expect(totals).toMatchObject({ gaps: 2, quietSeconds: 9 })
  })

  it('shows that lines were edited or taken out', async () => {
    const { clock, recorder, ledger } = rig([{ steps: seconds('.....##........#...........') }])
    recorder.start()
    await clock.advance(27_500)
    await recorder.stop()
    const quiet = quietOf(ledger.entries)[1]
    const without = ledger.entries.filter((entry) => entry !== quiet)
    expect(findings(without).found.map(({ code }) => code)).toEqual(['line-missing', 'run-law'])
    const edited = (change: object) =>
      ledger.entries.map((entry) => (entry === quiet ? { ...entry, ...change } : entry))
    expect(findings(edited({ from: '2026-11-22T12:00:09.150Z' })).found.map(({ code }) => code)).toEqual([
      'run-joint',
      'line-contradicts',
    ])
    expect(findings(edited({ to: '2026-11-22T12:00:13.400Z' })).found.map(({ code }) => code)).toEqual([
      'run-joint',
      'line-contradicts',
    ])
    expect(findings(edited({ seconds: 4 })).found.map(({ code }) => code)).toEqual(['line-contradicts'])
    expect(findings(edited({ seq: 1 })).found.map(({ code }) => code)).toEqual(['line-contradicts', 'line-missing'])
    expect(findings(edited({ seq: undefined })).found.map(({ code }) => code)).toEqual([
      'line-contradicts',
      'line-missing',
    ])
  })

  it('records everything while nothing triggers it is wanted', async () => {
    const { clock, recorder, spans, named } = rig([{ steps: seconds('.....') }], { trigger: undefined })
    recorder.start()
    await clock.advance(5500)
    await recorder.stop()
    expect(spans()).toEqual([[0, 5]])
    expect(named('trigger:start')).toEqual([])
  })
})

describe('the dead-air alarm', () => {
  const silence = { seconds: 3, db: -30 }

  it.each([
    ['with every file', { trigger: undefined }],
    ['with sound-activated recording', {}],
  ])('tells of silence and its end: %s', async (_, options) => {
    const { clock, recorder, named } = rig([{ steps: seconds('##.......##..#....') }], { ...options, silence })
    recorder.start()
    await clock.advance(7500)
    expect(recorder.status.silentSince).toBe(START + 2000)
    await clock.advance(11_000)
    await recorder.stop()
    expect(named('silence:start')).toEqual([
      { source: 'test', at: START + 2000, levelDb: -97.44 },
      { source: 'test', at: START + 14_000, levelDb: -84.76 },
    ])
    expect(named('silence:end')).toEqual([
      { source: 'test', at: START + 9000, seconds: 7 },
      { source: 'test', at: START + 18_000, seconds: 4 },
    ])
    expect(recorder.status.silentSince).toBeUndefined()
  })

  it('goes on over files, and ends with a connection', async () => {
    const broken = new SourceError('ISR_SOURCE_RESET', 'connection reset')
    const { clock, recorder, named } = rig(
      [{ steps: seconds('#...............'), end: broken }, { steps: seconds('..#') }],
      { trigger: undefined, silence, splitter: new AfterDuration({ seconds: 4 }) },
    )
    recorder.start()
    await clock.advance(22_000)
    await recorder.stop()
    expect(named('recording:close').length).toBeGreaterThan(3)
    expect(named('silence:start')).toMatchObject([{ at: START + 1000 }])
    expect(named('silence:end')).toEqual([{ source: 'test', at: START + 16_000, seconds: 15 }])
    expect(named('gap')).toHaveLength(1)
  })
})

describe('loudness', () => {
  it('is told of every file of PCM when it is wanted', async () => {
    const { clock, recorder, named } = rig([{ steps: seconds('########') }], {
      trigger: undefined,
      loudness: true,
      splitter: new AfterDuration({ seconds: 4 }),
    })
    recorder.start()
    await clock.advance(8500)
    await recorder.stop()
    const files = named<Recording>('recording:close').map(({ name }) => name)
    expect(files).toHaveLength(2)
    expect(named<{ name: string }>('loudness').map(({ name }) => name)).toEqual(files)
    expect(named('loudness')[0]).toMatchObject({ source: 'test', truePeakDbtp: expect.any(Number) as number })
  })
})
