import { describe, expect, it } from 'vitest'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import { AfterDuration } from '../../../src/splitters/after-duration.js'
import { Recorder } from '../../../src/station/recorder.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedStep } from '../../../src/testing/scripted-source.js'
import { FaultyStorage } from '../../support/faulty-storage.js'

const pcm = { sampleRateHz: 1000, channels: 1, sampleFormat: 's16' } as const

/** Samples that count up, a tenth of a second at a time. */
function* ramp(seconds: number): Generator<ScriptedStep> {
  for (let first = 0; first < seconds * 1000; first += 100) {
    const samples = Int16Array.from({ length: 100 }, (_, index) => first + index)
    yield { afterMs: 100, bytes: new Uint8Array(samples.buffer) }
  }
}

/** A recorder of 25 s in files of 4 s. */
function rig() {
  const clock = new FakeClock(Date.UTC(2026, 10, 22, 12))
  const storage = new FaultyStorage(clock)
  const recorder = new Recorder({
    source: new ScriptedSource('test', [{ pcm, steps: ramp(25) }]),
    ...{ storage, clock, ledger: new MemoryLedger(), timeZone: 'UTC' },
    splitter: new AfterDuration({ seconds: 4 }),
  })
  const parts: Uint8Array[] = []
  let ended = 0
  const listen = () => recorder.live.listen({ write: (bytes) => parts.push(bytes.slice()), end: () => ended++ })
  const heard = () => {
    const bytes = Buffer.concat(parts)
    return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(2 * index))
  }
  return { clock, storage, recorder, listen, heard, ended: () => ended }
}

describe('Live listeners of a volume that fails', () => {
  it.each(['fails', 'hangs'] as const)('hear every frame once and at once: it %s', async (how) => {
    const { clock, storage, recorder, listen, heard, ended } = rig()
    recorder.start()
    await clock.advance(5050)
    expect(listen()).toBeDefined()
    await clock.advance(1000)
    const [first] = heard()
    expect(heard()).toEqual(Array.from({ length: heard().length }, (_, index) => first + index))
    if (how === 'fails') storage.break()
    else storage.hangs = true
    // boundaries of files come and go
    await clock.advance(10_000)
    expect(heard().at(-1)).toBeGreaterThan(15_000)
    storage.mend()
    await clock.advance(4000)
    expect(ended()).toBe(0)
    const samples = heard()
    expect(samples.at(-1)).toBeGreaterThan(19_000)
    expect(samples).toEqual(Array.from({ length: samples.length }, (_, index) => first + index))
    await recorder.stop()
    expect(ended()).toBe(1)
  })

  it('may begin while it fails', async () => {
    const { clock, storage, recorder, listen, heard } = rig()
    storage.break()
    recorder.start()
    await clock.advance(5050)
    expect(listen()).toBeDefined()
    await clock.advance(1000)
    expect(heard().length).toBeGreaterThan(900)
    storage.mend()
    await clock.advance(5000)
    await recorder.stop()
  })
})
