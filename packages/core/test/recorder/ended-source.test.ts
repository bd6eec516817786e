import { describe, expect, it } from 'vitest'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import type { RecorderOptions } from '../../src/recorder/options.js'
import { Never } from '../../src/splitters/never.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { Recorder } from '../../src/station/recorder.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection } from '../../src/testing/scripted-source.js'
import { expectLedgerLaw } from '../support/ledger-law.js'
import { numberedFormat, numberedFrames } from '../support/numbered-format.js'

const broadcast = (seconds: number): ScriptedConnection => ({
  steps: Array.from({ length: seconds }, (_, second) => ({
    afterMs: 1000,
    bytes: numberedFrames(second * 10, 10),
  })),
  end: 'clean',
})

function rig(
  script: readonly ScriptedConnection[],
  options: Partial<RecorderOptions> & { readonly finite?: boolean } = {},
) {
  const clock = new FakeClock(Date.UTC(2026, 10, 22, 12))
  const ledger = new MemoryLedger()
  const recorder = new Recorder({
    source: new ScriptedSource('test', script, options),
    ...{ clock, ledger, storage: new MemoryStorage(clock), formats: [numberedFormat], splitter: new Never() },
    ...options,
  })
  const gaps: { readonly seconds: number }[] = []
  recorder.on('gap', (gap) => gaps.push(gap))
  const inLedger = () => ledger.entries.filter(({ type }) => type === 'gap')
  return { clock, ledger, recorder, gaps, inLedger }
}

describe('A source that ends by itself', () => {
  it('is finite: the end is the end, and no gap', async () => {
    const { clock, ledger, recorder, gaps, inLedger } = rig([broadcast(5)], { finite: true })
    recorder.start()
    await clock.advance(20_000)
    expect(recorder.status.state).toBe('stopped')
    expect(gaps).toEqual([])
    expect(inLedger()).toEqual([])
    expect(ledger.entries.map(({ type }) => type)).toEqual(['open', 'recording', 'run'])
    expect(expectLedgerLaw(ledger.entries)).toBe(1)
  })

  it('is finite and breaks: what follows was lost until it is read again', async () => {
    const broken = { ...broadcast(5), end: new Error('reset') }
    const { clock, recorder, gaps, inLedger } = rig([broken, broadcast(5)], { finite: true })
    recorder.start()
    await clock.advance(30_000)
    expect(recorder.status.state).toBe('stopped')
    expect(gaps).toHaveLength(1)
    expect(inLedger()).toHaveLength(1)
  })

  it('is a station: it is waited for, and the time until the stop is a gap', async () => {
    const silent: ScriptedConnection = { steps: [], end: 'hang' }
    const { clock, recorder, gaps } = rig([broadcast(5), silent])
    recorder.start()
    await clock.advance(15_000)
    await recorder.stop()
    expect(gaps).toHaveLength(1)
    expect(gaps[0].seconds).toBeGreaterThan(9)
  })
})
