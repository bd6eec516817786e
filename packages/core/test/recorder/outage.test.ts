import { afterEach, describe, expect, it } from 'vitest'
import type { RecordingLine } from '../../src/ledger/entry.js'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { parseEntry } from '../../src/ledger/read/parse-entry.js'
import { checkLines } from '../../src/ledger/verify/check-lines.js'
import { checkRuns } from '../../src/ledger/verify/check-runs.js'
import { checkTimes } from '../../src/ledger/verify/check-times.js'
import { Findings } from '../../src/ledger/verify/finding.js'
import { LedgerIndex } from '../../src/ledger/verify/ledger-index.js'
import { RECORDER_EVENTS, type RecorderEvents } from '../../src/recorder/events.js'
import type { RecorderOptions } from '../../src/recorder/options.js'
import { AfterDuration } from '../../src/splitters/after-duration.js'
import { AtClock } from '../../src/splitters/at-clock.js'
import { OnTitle } from '../../src/splitters/on-title.js'
import { Recorder } from '../../src/station/recorder.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { FaultyStorage } from '../support/faulty-storage.js'
import { expectLedgerLaw } from '../support/ledger-law.js'
import { frameNumbers, numberedFormat, numberedFrames } from '../support/numbered-format.js'

const START = Date.UTC(2026, 10, 22, 12)

/** Ten frames a second. */
function* broadcast(
  seconds: number,
  first = 0,
  titles: Readonly<Record<number, string>> = {},
): Generator<ScriptedStep> {
  for (let second = 0; second < seconds; second++) {
    const bytes = numberedFrames(first + second * 10, 10)
    yield { afterMs: 1000, bytes, ...(second in titles && { metadata: { title: titles[second] } }) }
  }
}

type Payload<K extends keyof RecorderEvents> = Parameters<RecorderEvents[K]>[0]

function rig(script: readonly ScriptedConnection[], options: Partial<RecorderOptions> & { finite?: boolean } = {}) {
  const clock = new FakeClock(START)
  const storage = new FaultyStorage(clock)
  const ledger = new MemoryLedger()
  const source = new ScriptedSource('test', script, options)
  const recorder = new Recorder({
    ...{ source, storage, ledger, clock, timeZone: 'UTC', formats: [numberedFormat] },
    splitter: new AfterDuration({ seconds: 5 }),
    ...options,
  })
  const events: { readonly name: string; readonly payload: unknown; readonly atMs: number }[] = []
  for (const name of RECORDER_EVENTS)
    recorder.on(name, (payload: unknown) => void events.push({ name, payload, atMs: clock.now() - START }))
  const named = <K extends keyof RecorderEvents>(name: K) =>
    events.filter((event) => event.name === name).map(({ payload }) => payload as Payload<K>)
  const lines = () => ledger.entries.filter((entry): entry is RecordingLine => entry.type === 'recording')
  /** Frames that the ledger vouches for, in the order of time. */
  const kept = () =>
    [...lines()]
      .sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt) || one.seq - other.seq)
      .flatMap(({ name, frames }) => frameNumbers(storage.bytes(name)).slice(0, frames))
  /** What `isr verify` says of the lines alone. */
  const faults = () => {
    const findings = new Findings()
    const index = new LedgerIndex(findings)
    for (const [line, entry] of ledger.entries.entries()) {
      const text = JSON.stringify(entry)
      const parsed = parseEntry(text)
      if (!('entry' in parsed)) throw new Error(JSON.stringify(parsed))
      index.take({ ...parsed, line: line + 1, startByte: line, text })
    }
    checkLines(index, findings)
    checkRuns(index, findings)
    checkTimes(index, findings)
    return findings.list.filter(({ severity }) => severity === 'fault')
  }
  return { clock, storage, ledger, source, recorder, events, named, lines, kept, faults }
}

const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index)

const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
afterEach(() => expect(unhandled).toEqual([]))

describe('A volume that fails', () => {
  it('loses nothing: what was not durable is written again in the same run, and the connection stays', async () => {
    const { clock, storage, recorder, source, named, lines, kept, ledger, faults, events } = rig([
      { steps: broadcast(30) },
    ])
    recorder.start()
    await clock.advance(7300)
    storage.break()
    await clock.advance(10_000)
    const { state, storage: failure, bufferedSeconds, durabilityLagSeconds } = recorder.status
    expect({ state, failure }).toEqual({
      state: 'recording',
      failure: { failingSince: expect.any(Number) as number, code: 'ISR_STORAGE_FULL' },
    })
    expect(bufferedSeconds).toBeGreaterThanOrEqual(10)
    expect(durabilityLagSeconds).toBeGreaterThan(9)
    expect(events.find(({ name }) => name === 'error')?.atMs).toBeLessThanOrEqual(9300)
    const createdWhileFull = storage.created
    storage.mend()
    await clock.advance(5000)
    expect(recorder.status.storage).toBeUndefined()
    expect(recorder.status.bufferedSeconds).toBeLessThanOrEqual(2)
    await clock.advance(7700 + 1000)
    await recorder.stop()
    expect(storage.created - createdWhileFull).toBeGreaterThan(3)
    expect(named('error')).toHaveLength(1)
    expect(source.connects).toBe(1)
    expect(kept()).toEqual(range(300))
    expect(named('gap')).toEqual([])
    expect(named('discard')).toEqual([])
    expect(expectLedgerLaw(ledger.entries)).toBe(1)
    expect(faults()).toEqual([])
    // boundaries are where they would have been
    const startedAt = lines().filter(({ continues }) => continues === undefined)
    expect(startedAt.map(({ startedAt }) => (Date.parse(startedAt) - START) / 1000)).toEqual([0, 5, 10, 15, 20, 25])
    expect(lines().filter(({ continues }) => continues !== undefined)).toMatchObject([
      { continues: 1, closedBy: 'boundary' },
    ])
    expect(named('durability').map(({ isLate }) => isLate)).toEqual([true, false])
    expect(clock.pendingTimers).toBe(0)
  })

  it('that fails while a file is closed and the next one records already: the rest has its place between them', async () => {
    const { clock, storage, recorder, lines, kept, ledger, faults } = rig([{ steps: broadcast(20) }])
    storage.onlyNames = (name) => name.includes('120000')
    recorder.start()
    await clock.advance(4900)
    storage.break('ISR_STORAGE_FAILED')
    await clock.advance(15_600)
    await recorder.stop()
    expect(kept()).toEqual(range(200))
    expectLedgerLaw(ledger.entries)
    expect(faults()).toEqual([])
    const rest = lines().find(({ continues }) => continues !== undefined)
    expect(rest).toMatchObject({ continues: 0, closedBy: 'boundary' })
    const order = [...lines()].sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
    expect(order.map(({ continues }) => continues)).toEqual([undefined, 0, undefined, undefined, undefined])
  })

  it('from the first file on: recording begins with the first frame once it is well', async () => {
    const { clock, storage, recorder, kept, faults, ledger, named, source } = rig([{ steps: broadcast(20) }])
    storage.break('ISR_STORAGE_DENIED')
    recorder.start()
    await clock.advance(9000)
    expect(recorder.status).toMatchObject({ state: 'recording', lastError: { code: 'ISR_STORAGE_DENIED' } })
    expect(ledger.entries).toEqual([])
    storage.mend()
    await clock.advance(11_600)
    await recorder.stop()
    expect(source.connects).toBe(1)
    expect(named('error')).toHaveLength(1)
    expect(kept()).toEqual(range(200))
    expectLedgerLaw(ledger.entries)
    expect(faults()).toEqual([])
  })

  it('for longer than memory lasts: the oldest frames are told of as lost, and what follows is another run', async () => {
    const { clock, storage, recorder, kept, faults, ledger, named, source } = rig([{ steps: broadcast(120) }], {
      bufferSeconds: 30,
    })
    recorder.start()
    await clock.advance(7300)
    storage.break()
    await clock.advance(80_000)
    expect(recorder.status.bufferedSeconds).toBeLessThanOrEqual(30)
    storage.mend()
    await clock.advance(33_500)
    await recorder.stop()
    expect(source.connects).toBe(1)
    const numbers = kept()
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
    expect(new Set(numbers).size).toBe(numbers.length)
    const missing = range(1200).filter((number) => !numbers.includes(number))
    expect(missing.length).toBeGreaterThan(400)
    expect(missing.length).toBeLessThanOrEqual(520)
    expect(missing).toEqual(range(missing.length, missing[0]))
    expect(named('discard').reduce((sum, { bytes }) => sum + bytes, 0)).toBe(100 * missing.length)
    expect(named('gap')).toMatchObject([
      {
        from: START + 100 * missing[0],
        to: START + 100 * (missing.at(-1)! + 1),
        cause: { code: 'ISR_STORAGE_FULL' },
      },
    ])
    expect(expectLedgerLaw(ledger.entries)).toBe(2)
    expect(named('run:start')).toHaveLength(2)
    expect(named('run:end')).toHaveLength(2)
    expect(faults()).toEqual([])
  })

  it('when the source reconnects meanwhile: both runs are whole', async () => {
    const { clock, storage, recorder, kept, faults, ledger, source } = rig([
      { steps: broadcast(10), end: new Error('reset') },
      { steps: broadcast(20, 100) },
    ])
    recorder.start()
    await clock.advance(7300)
    storage.break()
    await clock.advance(12_000)
    expect(source.connects).toBe(2)
    storage.mend()
    await clock.advance(12_000)
    await recorder.stop()
    expect(kept()).toEqual(range(300))
    expect(expectLedgerLaw(ledger.entries)).toBe(2)
    expect(faults()).toEqual([])
  })

  it('at the end: it is waited for until the deadline', async () => {
    const well = rig([{ steps: broadcast(9) }])
    well.recorder.start()
    await well.clock.advance(7300)
    well.storage.break()
    await well.clock.advance(2000)
    let done = false
    void well.recorder.stop().then(() => (done = true))
    await well.clock.advance(5000)
    expect(done).toBe(false)
    well.storage.mend()
    await well.clock.advance(3000)
    expect(done).toBe(true)
    expect(well.kept()).toEqual(range(90))
    expectLedgerLaw(well.ledger.entries)
    expect(well.clock.pendingTimers).toBe(0)

    const dead = rig([{ steps: broadcast(9) }])
    dead.recorder.start()
    await dead.clock.advance(7300)
    dead.storage.break()
    await dead.clock.advance(2000)
    const stopping = dead.recorder.stop()
    await dead.clock.advance(25_000)
    await stopping
    expect(await dead.recorder.finished).toMatchObject({ state: 'failed', error: { code: 'ISR_STORAGE_FULL' } })
    expect(dead.named('discard').reduce((sum, { bytes }) => sum + bytes, 0)).toBe(9000 - 100 * dead.kept().length)
    expect(dead.named('gap')).toMatchObject([{ cause: { code: 'ISR_STORAGE_FULL' } }])
    expectLedgerLaw(dead.ledger.entries)
    expect(dead.faults()).toEqual([])
    expect(dead.clock.pendingTimers).toBe(0)
  })

  it('that hangs is told of as lag, and loses nothing', async () => {
    const { clock, storage, recorder, kept, faults, named, ledger } = rig([{ steps: broadcast(60) }])
    recorder.start()
    await clock.advance(7300)
    storage.hangs = true
    await clock.advance(30_000)
    expect(named('durability')).toMatchObject([{ isLate: true, bufferedSeconds: expect.any(Number) as number }])
    storage.mend()
    await clock.advance(23_200)
    await recorder.stop()
    expect(kept()).toEqual(range(600))
    expect(named('error')).toEqual([])
    expect(named('durability').map(({ isLate }) => isLate)).toEqual([true, false])
    expectLedgerLaw(ledger.entries)
    expect(faults()).toEqual([])
  })

  it('that hangs for longer than memory lasts: what was lost is told of, what waits in a file that came late is not doubled', async () => {
    const { clock, storage, recorder, kept, faults, named, ledger } = rig([{ steps: broadcast(100) }], {
      bufferSeconds: 30,
    })
    recorder.start()
    await clock.advance(7300)
    storage.hangs = true
    await clock.advance(60_000)
    expect(named('error')).toMatchObject([{ error: { code: 'ISR_STORAGE_STALLED' } }])
    storage.mend()
    await clock.advance(33_500)
    await recorder.stop()
    const numbers = kept()
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
    expect(named('discard').reduce((sum, { bytes }) => sum + bytes, 0)).toBe(100 * (1000 - numbers.length))
    expectLedgerLaw(ledger.entries)
    expect(faults()).toEqual([])
  })

  it('amid titles and a change of headers: the files are those that would have been', async () => {
    const titles = { 0: 'One', 4: 'Two', 9: 'Three', 14: 'Four' }
    const steps = () => [...broadcast(20, 0, titles)]
    const whole = rig([{ steps: steps() }], { splitter: new OnTitle() })
    whole.recorder.start()
    await whole.clock.advance(21_000)
    await whole.recorder.stop()
    const torn = rig([{ steps: steps() }], { splitter: new OnTitle() })
    torn.recorder.start()
    await torn.clock.advance(6300)
    torn.storage.break()
    await torn.clock.advance(9000)
    torn.storage.mend()
    await torn.clock.advance(5700)
    await torn.recorder.stop()
    expect(torn.kept()).toEqual(range(200))
    expect(torn.faults()).toEqual([])
    const starts = ({ lines }: typeof torn) =>
      lines()
        .filter(({ continues }) => continues === undefined)
        .map(({ startedAt, titles }) => [startedAt, titles[0].title])
    expect(starts(torn)).toEqual(starts(whole))
    expect(torn.lines().find(({ continues }) => continues !== undefined)?.titles).toMatchObject([{ title: 'Two' }])
  })

  it('of one source does not concern another', async () => {
    const one = rig([{ steps: broadcast(20) }])
    const clock = one.clock
    const neighbour = new Recorder({
      source: new ScriptedSource('neighbour', [{ steps: broadcast(20) }]),
      ...{ storage: new FaultyStorage(clock), ledger: new MemoryLedger(), clock, formats: [numberedFormat] },
      splitter: new AtClock({ everyMinutes: 60 }),
    })
    const errors: unknown[] = []
    neighbour.on('error', (error) => errors.push(error))
    one.recorder.start()
    neighbour.start()
    await clock.advance(5300)
    one.storage.break()
    await clock.advance(10_000)
    expect(neighbour.status.bufferedSeconds).toBeLessThanOrEqual(2)
    one.storage.mend()
    await clock.advance(6000)
    await Promise.all([one.recorder.stop(), neighbour.stop()])
    expect(errors).toEqual([])
    expect(neighbour.status).toMatchObject({ recordings: 1, recordedSeconds: 20 })
    expect(one.kept()).toEqual(range(200))
  })
})
