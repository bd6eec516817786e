import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { configOrThrow, parseConfig } from '../../src/config/load.js'
import type { LedgerEntry, RecordingLine } from '../../src/ledger/entry.js'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { AtClock } from '../../src/splitters/at-clock.js'
import { Recorder } from '../../src/station/recorder.js'
import { Station } from '../../src/station/station.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { scanBoundaries } from '../support/boundary-oracle.js'
import { COUNTING_RATE_HZ, countedSamples, countingSource } from '../support/counting-source.js'
import { expectAllClosed, expectLedgerLaw } from '../support/ledger-law.js'
import { askStrftime } from '../support/strftime-oracle.js'

const PATTERN = '%Y%m%d_%H%M%S'
const HOUR_SECONDS = 3600

interface Night {
  readonly timeZone: string
  /** When recording begins; the clocks change some hours later. */
  readonly start: string
  readonly hours: number
  readonly everyMinutes: number
  /** Names that come twice on the local clock, and get a suffix. */
  readonly suffixes: number
}

/** Both nights of a year in three zones, one of which shifts by half an hour; and a whole day. */
const nights: readonly Night[] = [
  { timeZone: 'Europe/Berlin', start: '2026-03-28T22:30:10Z', hours: 6, everyMinutes: 60, suffixes: 0 },
  { timeZone: 'Europe/Berlin', start: '2026-10-24T21:30:10Z', hours: 6, everyMinutes: 60, suffixes: 1 },
  { timeZone: 'America/New_York', start: '2026-03-08T03:10:10Z', hours: 7, everyMinutes: 45, suffixes: 0 },
  { timeZone: 'America/New_York', start: '2026-11-01T02:50:10Z', hours: 7, everyMinutes: 20, suffixes: 3 },
  { timeZone: 'Australia/Lord_Howe', start: '2026-04-04T10:01:10Z', hours: 8, everyMinutes: 20, suffixes: 1 },
  { timeZone: 'Australia/Lord_Howe', start: '2026-10-03T10:01:10Z', hours: 8, everyMinutes: 60, suffixes: 0 },
  { timeZone: 'Europe/Vienna', start: '2026-07-01T10:17:10Z', hours: 24, everyMinutes: 45, suffixes: 0 },
]

/** Records a night within a second, every timer fired in its turn. */
async function record({ timeZone, start, hours, everyMinutes }: Night) {
  const clock = new FakeClock(Date.parse(start))
  const storage = new MemoryStorage(clock)
  const ledger = new MemoryLedger()
  const warnings: string[] = []
  const recorder = new Recorder({
    source: countingSource('night', hours * HOUR_SECONDS),
    storage,
    ledger,
    clock,
    timeZone,
    splitter: new AtClock({ everyMinutes, timeZone }),
    stallTimeoutMs: 80_000,
  })
  recorder.on('warning', ({ message }) => void warnings.push(message))
  recorder.start()
  await clock.advance(hours * HOUR_SECONDS * 1000)
  await recorder.stop()
  return { storage, entries: ledger.entries, warnings, pendingTimers: clock.pendingTimers }
}

describeWithTools(['python3'], 'a recorder through the nights when clocks change', () => {
  const spans = nights.map(({ timeZone, start, hours, everyMinutes }) => {
    const from = Date.parse(start) / 1000
    return { timeZone, from: from + 1, to: from + hours * HOUR_SECONDS, splitSeconds: [everyMinutes * 60] }
  })

  it('begins a file at each boundary that zoneinfo knows and nowhere else, no name twice, no sample lost', async () => {
    const boundaries = scanBoundaries(spans).map(([seconds]) => seconds.map((second) => second * 1000))
    for (const [index, night] of nights.entries()) {
      const where = `${night.timeZone} ${night.start}`
      const { storage, entries, warnings, pendingTimers } = await record(night)
      const files = entries.filter((entry): entry is RecordingLine => entry.type === 'recording')
      const starts = [Date.parse(night.start), ...boundaries[index]]
      expect(boundaries[index].length, where).toBeGreaterThanOrEqual(6)
      expect(
        files.map(({ startedAt }) => Date.parse(startedAt)),
        where,
      ).toEqual(starts)
      expect(namesOf(files), where).toEqual(wantedNames(night, starts))
      expect(namesOf(files).filter((name) => name.includes('_1.')).length, where).toBe(night.suffixes)
      expect(new Set(namesOf(files)).size, where).toBe(files.length)
      expectUnbroken(files, storage, night.hours)
      expect(expectLedgerLaw(entries)).toBe(1)
      expectAllClosed(entries)
      expect(entries.filter(({ type }) => type === 'gap' || type === 'discard')).toEqual([])
      expect(warnings).toEqual([])
      expect(pendingTimers).toBe(0)
    }
  })
})

const namesOf = (files: readonly RecordingLine[]) => files.map(({ name }) => name)

/** What Python would write, and `_1` where the local clock shows the same second for the second time. */
function wantedNames({ timeZone }: Night, starts: readonly number[]): string[] {
  const seen = new Set<string>()
  return askStrftime(starts.map((at) => ({ pattern: PATTERN, at, timeZone }))).map(({ text }) => {
    const name = seen.has(text) ? `${text}_1.wav` : `${text}.wav`
    seen.add(text)
    return name
  })
}

/** Played one after another, the files are the source: every sample once, in order, until the end. */
function expectUnbroken(files: readonly RecordingLine[], storage: MemoryStorage, hours: number): void {
  let next = 0
  for (const { name, headerBytes, samples } of files) {
    const numbers = countedSamples(storage.bytes(name), headerBytes)
    expect(numbers.length, name).toBe(samples)
    const wrong = numbers.findIndex((number, index) => number !== next + index)
    expect(wrong, name).toBe(-1)
    next += samples
  }
  expect(next).toBe(hours * HOUR_SECONDS * COUNTING_RATE_HZ)
}

describe('a station whose sources live in four zones', () => {
  it('cuts each on its own clock in the second in which three of them change', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'isr-zones-'))
    const zones = {
      Berlin: 'Europe/Berlin',
      London: 'Europe/London',
      Kathmandu: 'Asia/Kathmandu',
      Azores: 'Atlantic/Azores',
    }
    const sections = Object.entries(zones).map(([name, zone]) => `[${name}]\ntype = signal\ntimezone = ${zone}\n`)
    const general = `[general]\noutput_directory = ${directory}\nsplit_minutes = 30\nsample_rate = 8000\nchannels = 1\n`
    const clock = new FakeClock(Date.parse('2026-10-25T00:59:50Z'))
    const station = new Station({ config: configOrThrow(parseConfig(general + sections.join(''))), clock })
    station.start()
    await clock.advance(20_000)
    await station.stop()
    const entries = readFileSync(join(directory, '.isr/ledger.jsonl'), 'utf8').trimEnd().split('\n')
    const lines = entries.map((line) => JSON.parse(line) as LedgerEntry)
    const files = lines.filter((entry): entry is RecordingLine => entry.type === 'recording')
    rmSync(directory, { recursive: true })
    // in Kathmandu it is a quarter to seven: no boundary
    expect(namesOf(files).sort()).toEqual(
      [
        'Azores_20261025_005950.flac',
        'Azores_20261025_000000.flac',
        'Berlin_20261025_025950.flac',
        'Berlin_20261025_020000.flac',
        'Kathmandu_20261025_064450.flac',
        'London_20261025_015950.flac',
        'London_20261025_010000.flac',
      ].sort(),
    )
    for (const { durationSeconds, name } of files)
      expect(durationSeconds, name).toBeCloseTo(name.startsWith('Kathmandu') ? 20 : 10, 1)
    expect(expectLedgerLaw(lines)).toBe(4)
    expectAllClosed(lines)
  })
})
