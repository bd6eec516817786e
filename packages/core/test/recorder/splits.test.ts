import { expect, it } from 'vitest'
import type { RecordingLine } from '../../src/ledger/entry.js'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { AtClock } from '../../src/splitters/at-clock.js'
import { Recorder } from '../../src/station/recorder.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { FaultyStorage } from '../support/faulty-storage.js'
import { expectLedgerLaw } from '../support/ledger-law.js'
import { frameNumbers, numberedFormat, numberedFrames } from '../support/numbered-format.js'

const FILES = 10_000

/** Ten frames a second, in pieces of any size. */
function* broadcast(): Generator<ScriptedStep> {
  for (let first = 0, turn = 0; ; turn++) {
    const count = 30 + ((turn * 7) % 40)
    yield { afterMs: 100 * count, bytes: numberedFrames(first, count) }
    first += count
  }
}

it.each([
  ['on a volume that is well', 0],
  ['on one that fails for 20 s every ten minutes', 600],
] as const)('10,000 splits %s: no frame is lost, none is there twice', async (_, everySeconds) => {
  const clock = new FakeClock(Date.UTC(2026, 10, 22))
  const storage = new FaultyStorage(clock)
  const ledger = new MemoryLedger()
  const recorder = new Recorder({
    source: new ScriptedSource('test', [{ steps: broadcast() }]),
    ...{ storage, ledger, clock, timeZone: 'UTC', formats: [numberedFormat], stallTimeoutMs: 60_000 },
    filenamePattern: '%j/%H%M%S.%f',
    splitter: new AtClock({ everyMinutes: 0.0125, timeZone: 'UTC' }),
  })
  const errors: unknown[] = []
  recorder.on('error', (error) => errors.push(error))
  recorder.start()
  const seconds = FILES * 0.75 + 10
  if (everySeconds === 0) await clock.advance(1000 * seconds)
  else {
    for (let at = 0; at < seconds; at += everySeconds) {
      await clock.advance(1000 * (everySeconds - 20))
      storage.break()
      await clock.advance(20_000)
      storage.mend()
    }
    await clock.advance(10_000)
  }
  await recorder.stop()
  expectLedgerLaw(ledger.entries)
  const lines = ledger.entries
    .filter((entry): entry is RecordingLine => entry.type === 'recording')
    .sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt) || one.seq - other.seq)
  expect(lines.filter(({ continues }) => continues === undefined).length).toBeGreaterThanOrEqual(FILES)
  let next = 0
  for (const { name, frames } of lines) {
    for (const number of frameNumbers(storage.bytes(name)).slice(0, frames))
      if (number !== next++) expect(number).toBe(next - 1)
  }
  expect(next).toBe(Math.round(recorder.status.recordedSeconds * 10))
  expect(next).toBeGreaterThan(FILES * 7)
  expect(errors.length > 0).toBe(everySeconds > 0)
})
