import { expect, it } from 'vitest'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import { Recorder } from '../../src/station/recorder.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { expectLedgerLaw } from '../support/ledger-law.js'
import { random } from '../support/random.js'

const START = Date.UTC(2026, 10, 22, 12, 0, 0)
const PCM = { sampleRateHz: 8000, channels: 1, sampleFormat: 's16' } as const
const CHUNK_MS = 100

/** A soundcard that makes `ppm` more samples than it says, heard in chunks of 100 ms that come up to 8 ms late. */
function* card(ppm: number, minutes: number): Generator<ScriptedStep> {
  const noise = random(11)
  const bytes = new Uint8Array(1600)
  let atMs = 0
  for (let chunk = 1; chunk <= minutes * 600; chunk++) {
    const arrivesMs = (chunk * CHUNK_MS) / (1 + ppm * 1e-6) + 8 * noise()
    yield { afterMs: Math.max(0, arrivesMs - atMs), bytes }
    atMs = Math.max(atMs, arrivesMs)
  }
}

it.each([50, -50, 0])(
  'a soundcard that is %d ppm fast is found to be, and its files are as long as their samples',
  async (ppm) => {
    const clock = new FakeClock(START)
    const storage = new MemoryStorage(clock)
    const ledger = new MemoryLedger()
    const recorder = new Recorder({
      source: new ScriptedSource('mic', [{ pcm: PCM, steps: card(ppm, 30) }]),
      storage,
      ledger,
      clock,
    })
    recorder.start()
    await clock.advance(30 * 60_000 + 200)
    await recorder.stop()
    const [run] = ledger.entries.filter((entry) => entry.type === 'run')
    expect(Math.abs(run.driftPpm! - ppm)).toBeLessThan(1)
    expect(run.timeSteps).toBeUndefined()
    const seconds = ledger.entries.reduce(
      (sum, entry) => sum + (entry.type === 'recording' ? entry.durationSeconds : 0),
      0,
    )
    expect(seconds).toBeCloseTo(1800, 6)
    expect(ledger.entries.filter((entry) => entry.type === 'gap')).toEqual([])
    expectLedgerLaw(ledger.entries)
  },
)
