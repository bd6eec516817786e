import { describe, expect, it } from 'vitest'
import { builtInFormats } from '../../../../src/formats/registry.js'
import type { RecordingLine } from '../../../../src/ledger/entry.js'
import { MemoryLedger } from '../../../../src/ledger/ledger.js'
import { LedgerScan } from '../../../../src/ledger/read/ledger-scan.js'
import { repairFile } from '../../../../src/recovery/repair-file.js'
import { AfterDuration } from '../../../../src/splitters/after-duration.js'
import { Recorder } from '../../../../src/station/recorder.js'
import { FakeClock } from '../../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedStep } from '../../../../src/testing/scripted-source.js'
import { FaultyStorage } from '../../../support/faulty-storage.js'

const RATE_HZ = 1000

/** Samples that count up, a second at a time. */
function* ramp(seconds: number): Generator<ScriptedStep> {
  for (let second = 0; second < seconds; second++) {
    const samples = Int16Array.from({ length: RATE_HZ }, (_, index) => second * RATE_HZ + index)
    yield { afterMs: 1000, bytes: new Uint8Array(samples.buffer) }
  }
}

describe('A file whose volume failed, and that another file goes on from', () => {
  it.each([true, false])('is repaired to what its line says, and no frame is there twice (torn: %s)', async (tears) => {
    const clock = new FakeClock(Date.UTC(2026, 10, 22, 12))
    const storage = new FaultyStorage(clock)
    storage.tears = tears
    const ledger = new MemoryLedger()
    const recorder = new Recorder({
      source: new ScriptedSource('test', [
        { pcm: { sampleRateHz: RATE_HZ, channels: 1, sampleFormat: 's16' }, steps: ramp(30) },
      ]),
      ...{ storage, ledger, clock, timeZone: 'UTC' },
      splitter: new AfterDuration({ seconds: 5 }),
    })
    recorder.start()
    await clock.advance(7300)
    storage.break()
    await clock.advance(6000)
    storage.mend()
    await clock.advance(9000)
    storage.break('ISR_STORAGE_FAILED')
    await clock.advance(3000)
    storage.mend()
    await clock.advance(5000)
    await recorder.stop()

    const samples = () => {
      const index = new Map<string, RecordingLine>()
      for (const entry of ledger.entries) {
        if (entry.type === 'recording') index.set(entry.name, entry)
        else if (entry.type === 'removed') index.delete(entry.name)
      }
      const order = [...index.values()].sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
      return order.flatMap(({ name, headerBytes }) => {
        const bytes = storage.bytes(name)
        const pcm = bytes.slice(headerBytes, bytes.length - ((bytes.length - headerBytes) % 2))
        return [...new Int16Array(pcm.buffer)].filter((value) => value < 32_000)
      })
    }
    const scan = new LedgerScan()
    for (const [index, entry] of ledger.entries.entries())
      scan.take({ entry, line: index + 1, startByte: index, text: JSON.stringify(entry) })
    expect(scan.unfinished.length).toBeGreaterThanOrEqual(2)
    if (tears) expect(samples().length).toBeGreaterThan(30 * RATE_HZ)
    for (const remains of scan.unfinished) {
      expect(remains.keepFrames).toBe(remains.failed?.frames)
      const { action } = await repairFile(remains, { storage, ledger, formats: builtInFormats, clock })
      expect(action).toBe(remains.keepFrames === 0 ? 'removed' : 'repaired')
    }
    expect(samples()).toEqual(Array.from({ length: 30 * RATE_HZ }, (_, index) => index))
  })
})
