import { afterEach, describe, expect, it } from 'vitest'
import { builtInFormats } from '../../../../src/formats/registry.js'
import type { LedgerEntry } from '../../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../../src/ledger/ledger.js'
import type { RepairOutcome } from '../../../../src/recovery/outcome.js'
import { AfterDuration } from '../../../../src/splitters/after-duration.js'
import { FailedFiles } from '../../../../src/station/folder/outage/failed-files.js'
import { Recorder } from '../../../../src/station/recorder.js'
import { FakeClock } from '../../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedStep } from '../../../../src/testing/scripted-source.js'
import { FaultyStorage } from '../../../support/faulty-storage.js'

const RATE_HZ = 1000

/** Samples that count up, a tenth of a second at a time. */
function* ramp(): Generator<ScriptedStep> {
  for (let first = 0; ; first += 100) {
    const samples = Int16Array.from({ length: 100 }, (_, index) => (first + index) % 30_000)
    yield { afterMs: 100, bytes: new Uint8Array(samples.buffer) }
  }
}

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

function rig() {
  const clock = new FakeClock(Date.UTC(2026, 10, 22, 12))
  const storage = new FaultyStorage(clock)
  const ledger = new MemoryLedger()
  const pcm = { sampleRateHz: RATE_HZ, channels: 1, sampleFormat: 's16' } as const
  const recorder = new Recorder({
    source: new ScriptedSource('test', [{ pcm, steps: ramp() }]),
    ...{ storage, ledger, clock, timeZone: 'UTC' },
    splitter: new AfterDuration({ seconds: 60 }),
  })
  const outcomes: RepairOutcome[] = []
  const stop = new AbortController()
  const files = new FailedFiles({
    ...{ storage, ledger, clock, formats: builtInFormats, signal: stop.signal },
    pause: () => Promise.resolve(),
    readLedger: () => readLedger(ledger.entries),
    isWell: () => recorder.status.storage === undefined,
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  recorder.on('recording:close', ({ name, closedBy }) => closedBy === 'error' && files.add(name))
  stops.push(async () => {
    stop.abort()
    await files.settled()
    await recorder.stop()
  })
  recorder.start()
  /** The last word of the ledger about each file, in the order of time. */
  const recordings = () => {
    const lines = ledger.entries.flatMap((entry) => (entry.type === 'recording' ? [entry] : []))
    const last = new Map(lines.map((line) => [line.name, line]))
    return [...last.values()].sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
  }
  return { clock, storage, ledger, recorder, files, outcomes, stop, recordings }
}

async function* readLedger(entries: readonly LedgerEntry[]): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
}

describe('FailedFiles', () => {
  it('are finished when the volume is back, while the file that goes on from them is recorded', async () => {
    const { clock, storage, recorder, outcomes, recordings, ledger } = rig()
    await clock.advance(7300)
    storage.break()
    await clock.advance(5000)
    const [failed] = recordings()
    expect(failed).toMatchObject({ closedBy: 'error', sha256: '' })
    expect(outcomes).toEqual([])
    storage.mend()
    const before = ledger.entries.length
    await clock.advance(25_000)
    expect(recorder.status).toMatchObject({ state: 'recording', recording: { state: 'open' } })
    expect(outcomes).toMatchObject([{ name: failed.name, action: 'repaired' }])
    const [line] = recordings()
    expect(line).toMatchObject({ name: failed.name, closedBy: 'recovered', frames: failed.frames })
    expect(line.sha256).toMatch(/^[0-9a-f]{64}$/)
    // the file that is being recorded has no other line than that of its opening
    expect(ledger.entries.slice(before).map(({ type }) => type)).toEqual(['open', 'recording'])
    await recorder.stop()
    const samples = recordings().flatMap(({ name, headerBytes, samples }) => {
      const bytes = Buffer.from(storage.bytes(name))
      return Array.from({ length: samples }, (_, index) => bytes.readInt16LE(headerBytes + 2 * index))
    })
    expect(samples.length).toBeGreaterThan(30 * RATE_HZ)
    expect(samples.findIndex((sample, index) => sample !== index % 30_000)).toBe(-1)
    expect(storage.bytes(failed.name).length).toBe(line.headerBytes + 2 * line.samples)
  })

  it('are not touched while the volume fails, nor when it has just come back', async () => {
    const { clock, storage, outcomes } = rig()
    await clock.advance(7300)
    storage.break()
    await clock.advance(40_000)
    storage.mend()
    await clock.advance(4000)
    expect(outcomes).toEqual([])
    await clock.advance(20_000)
    expect(outcomes).toHaveLength(1)
  })

  it('are left when the recorder ends first', async () => {
    const { clock, storage, outcomes, files, stop } = rig()
    await clock.advance(7300)
    storage.break()
    await clock.advance(3000)
    storage.mend()
    stop.abort()
    await files.settled()
    await clock.advance(30_000)
    expect(outcomes).toEqual([])
  })

  it('are tried three times, then told of once', async () => {
    const { clock, storage, outcomes } = rig()
    await clock.advance(7300)
    storage.break()
    await clock.advance(3000)
    storage.mend()
    let tries = 0
    storage.replace = () => {
      tries++
      return Promise.reject(new Error('no room'))
    }
    await clock.advance(120_000)
    expect(tries).toBe(3)
    expect(outcomes).toMatchObject([{ action: 'failed' }])
  })
})
