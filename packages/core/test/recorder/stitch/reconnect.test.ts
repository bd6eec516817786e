import { describe, expect, it } from 'vitest'
import { WHOLE_FRAMES } from '../../../src/formats/frame-identity.js'
import { MemoryLedger } from '../../../src/ledger/ledger.js'
import { Never } from '../../../src/splitters/never.js'
import { Recorder } from '../../../src/station/recorder.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection, type ScriptedStep } from '../../../src/testing/scripted-source.js'
import { expectAllClosed, expectLedgerLaw } from '../../support/ledger-law.js'
import { FRAME_BYTES, frameNumbers, numberedFormat, numberedFrames } from '../../support/numbered-format.js'

const START = Date.UTC(2026, 10, 22, 12)
const format = { ...numberedFormat, identity: WHOLE_FRAMES }

/** Ten frames a second: a burst of those before `at`, at once, then a second's worth each second. */
function* listen(at: number, burst: number, seconds: number, cutBytes = 0): Generator<ScriptedStep> {
  const past = numberedFrames(at - burst, burst)
  if (burst > 0) yield { bytes: past.subarray(cutBytes) }
  for (let second = 0; second < seconds; second++) yield { afterMs: 1000, bytes: numberedFrames(at + 10 * second, 10) }
}

const RESET = new Error('reset')

/** Records connections, one after another, and tells what became of the frames. */
async function record(script: readonly ScriptedConnection[], seconds: number) {
  const clock = new FakeClock(START)
  const storage = new MemoryStorage(clock)
  const ledger = new MemoryLedger()
  const source = new ScriptedSource('test', script)
  const recorder = new Recorder({
    ...{ source, storage, ledger, clock },
    timeZone: 'UTC',
    formats: [format],
    splitter: new Never(),
    retry: { maxAttempts: 0 },
  })
  const seams: object[] = []
  const gaps: { readonly seconds: number }[] = []
  recorder.on('seam', (seam) => void seams.push(seam))
  recorder.on('gap', (gap) => void gaps.push(gap))
  recorder.start()
  await clock.advance(seconds * 1000)
  await recorder.stop()
  const lines = ledger.entries.filter((entry) => entry.type === 'recording')
  const frames = lines.flatMap(({ name }) => frameNumbers(storage.bytes(name)))
  expectLedgerLaw(ledger.entries)
  expectAllClosed(ledger.entries)
  return { frames, lines, seams, gaps, ledger, status: recorder.status, storage }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

describe('a reconnect whose burst reaches back', () => {
  it('is a seam: nothing lost, nothing doubled, no gap, and times that join', async () => {
    const { frames, lines, seams, gaps, ledger, status } = await record(
      [{ steps: listen(100, 40, 10), end: RESET }, { steps: listen(220, 40, 10, 30) }],
      25,
    )
    expect(frames).toEqual(range(60, 320))
    expect(gaps).toEqual([])
    const duplicate = ledger.entries.flatMap((entry) =>
      entry.type === 'discard' && entry.reason === 'duplicate' ? [entry.bytes] : [],
    )
    expect(duplicate.length).toBeGreaterThan(0)
    const discardedBytes = { duplicate: duplicate.reduce((sum, bytes) => sum + bytes) }
    expect(status).toMatchObject({ gaps: 0, seams: 1, discardedBytes })
    const [first, second] = lines
    const endsAt = Date.parse(first.startedAt) + first.durationSeconds * 1000
    expect(Date.parse(second.startedAt)).toBe(endsAt)
    expect(ledger.entries.filter(({ type }) => type === 'seam')).toEqual([
      {
        v: 1,
        type: 'seam',
        source: 'test',
        run: second.run,
        previousRun: first.run,
        overlapFrames: 19,
        at: second.startedAt,
        utcOffset: '+00:00',
      },
    ])
    expect(seams).toEqual([
      { source: 'test', run: second.run, previousRun: first.run, overlapFrames: 19, at: Date.parse(second.startedAt) },
    ])
    const duplicates = ledger.entries.filter((entry) => entry.type === 'discard' && entry.reason === 'duplicate')
    expect(duplicates).toMatchObject([{ bytes: 19 * FRAME_BYTES, run: second.run }])
  })

  it('that does not reach our end leaves a gap as long as what is missing: the burst is audio from the past', async () => {
    const late = [{ afterMs: 8000, bytes: new Uint8Array(0) }, ...listen(280, 40, 10)]
    const { frames, gaps, seams, lines } = await record(
      [{ steps: listen(100, 40, 10), end: RESET }, { steps: late }],
      35,
    )
    expect(frames).toEqual([...range(60, 200), ...range(240, 380)])
    expect(seams).toEqual([])
    expect(gaps).toHaveLength(1)
    // 80 frames of 0.1 s were not heard, 40 of them came as the burst; the first retry is made within 0.2 s
    expect(gaps[0].seconds).toBeGreaterThanOrEqual(4)
    expect(gaps[0].seconds).toBeLessThanOrEqual(4.3)
    const endsAt = Date.parse(lines[0].startedAt) + lines[0].durationSeconds * 1000
    expect(Date.parse(lines[1].startedAt) - endsAt).toBeCloseTo(gaps[0].seconds * 1000, -1)
  })

  it('is told apart from a connection that breaks within its own burst: nothing is doubled', async () => {
    const short = { steps: [{ bytes: numberedFrames(170, 20) }], end: RESET }
    const { frames, gaps, seams, status } = await record(
      [{ steps: listen(100, 40, 10), end: RESET }, short, short, { steps: listen(205, 40, 10) }],
      25,
    )
    expect(frames).toEqual(range(60, 305))
    expect(gaps).toEqual([])
    expect(seams).toHaveLength(1)
    expect(status.seams).toBe(1)
  })

  it('is none at the start', async () => {
    const { seams, frames } = await record([{ steps: listen(100, 40, 10) }], 12)
    expect(seams).toEqual([])
    expect(frames).toEqual(range(60, 200))
  })
})
