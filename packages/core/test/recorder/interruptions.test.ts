import { afterEach, describe, expect, it } from 'vitest'
import { SourceError, type IsrError } from '../../src/errors.js'
import { MemoryLedger } from '../../src/ledger/ledger.js'
import type { RecorderOptions } from '../../src/recorder/options.js'
import type { Connection, ConnectOptions } from '../../src/sources/source.js'
import { Recorder } from '../../src/station/recorder.js'
import { MemoryStorage } from '../../src/storages/memory-storage.js'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { expectLedgerLaw } from '../support/ledger-law.js'
import { numberedFormat, numberedFrames } from '../support/numbered-format.js'

const START = Date.UTC(2026, 10, 22, 12)
const FRAMES_PER_SECOND = 10
const reset = new SourceError('ISR_SOURCE_RESET', 'connection reset')
const refused = new SourceError('ISR_SOURCE_UNREACHABLE', 'refused')
const RETRY_AFTER_MS = 120_000
/** What a station that is gone may say. */
const REFUSALS = {
  refused,
  'no such host': new SourceError('ISR_SOURCE_UNREACHABLE', 'getaddrinfo ENOTFOUND'),
  'a certificate that is not trusted': new SourceError('ISR_SOURCE_TLS', 'self-signed certificate'),
  '401': new SourceError('ISR_SOURCE_UNAUTHORIZED', '401 Unauthorized'),
  '404': new SourceError('ISR_SOURCE_NOT_FOUND', '404 Not Found'),
  '503 with Retry-After': new SourceError('ISR_SOURCE_REFUSED', '503', { retryAfterMs: RETRY_AFTER_MS }),
}

const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
afterEach(() => expect(unhandled).toEqual([]))

/** A station of frames that carry the tenth of a second in which they were on air. */
class Broadcast extends ScriptedSource {
  /** When somebody asked for it, in milliseconds since the start. */
  readonly askedAtMs: number[] = []
  readonly #clock: FakeClock
  readonly #isUp: (atMs: number) => boolean
  /** What it says while it is gone. */
  refusal = refused

  /** @param seconds - how long each connection lasts; Infinity: until the station is down */
  constructor(name: string, clock: FakeClock, isUp: (atMs: number) => boolean, seconds: (atMs: number) => number) {
    const atMs = () => clock.now() - START
    super(name, [{ steps: { [Symbol.iterator]: () => onAir(atMs, isUp, seconds(atMs())) }, end: reset }])
    this.#clock = clock
    this.#isUp = isUp
  }

  override connect(options: ConnectOptions): Promise<Connection> {
    const atMs = this.#clock.now() - START
    this.askedAtMs.push(atMs)
    return this.#isUp(atMs) ? super.connect(options) : Promise.reject(this.refusal)
  }
}

function* onAir(atMs: () => number, isUp: (atMs: number) => boolean, seconds: number): Generator<ScriptedStep> {
  const endMs = atMs() + seconds * 1000
  const frameMs = 1000 / FRAMES_PER_SECOND
  while (isUp(atMs()) && atMs() < endMs) {
    yield { afterMs: frameMs, bytes: numberedFrames(Math.round(atMs() / frameMs), 1) }
  }
}

function rig(
  {
    isUp = () => true,
    seconds = () => Infinity,
  }: { isUp?: (atMs: number) => boolean; seconds?: (atMs: number) => number },
  { count = 1, ...options }: Partial<RecorderOptions> & { count?: number } = {},
) {
  const clock = new FakeClock(START)
  const ledger = new MemoryLedger()
  const sources = Array.from({ length: count }, (_, index) => new Broadcast(`radio ${index}`, clock, isUp, seconds))
  const gaps: { readonly from: number; readonly to: number; readonly seconds: number; readonly cause: IsrError }[] = []
  const told: string[] = []
  const recorders = sources.map((source) => {
    const recorder = new Recorder({
      ...{ source, storage: new MemoryStorage(clock), ledger, clock, timeZone: 'UTC', formats: [numberedFormat] },
      retry: { maxAttempts: 0 },
      ...options,
    })
    recorder.on('gap', (gap) => void gaps.push(gap))
    for (const name of ['retry', 'error', 'gap'] as const) recorder.on(name, () => void told.push(name))
    recorder.start()
    return recorder
  })
  const stop = () => Promise.all(recorders.map((recorder) => recorder.stop()))
  return { clock, ledger, sources, gaps, told, recorders, stop }
}

describe('A connection that comes and goes', () => {
  it('every three seconds costs less than half a second each time', async () => {
    const { clock, gaps, recorders, stop, ledger } = rig({ seconds: () => 3 }, { retry: { maxAttempts: 3 } })
    await clock.advance(1_200_000)
    await stop()
    expect(gaps.length).toBeGreaterThan(370)
    expect(Math.max(...gaps.map(({ seconds }) => seconds))).toBeLessThanOrEqual(0.5)
    expect(recorders[0].status.recordedSeconds).toBeGreaterThan(0.9 * 1200)
    expectLedgerLaw(ledger.entries)
  })

  it('within the second is asked less and less, but is recorded when it is well', async () => {
    const wellAtMs = 600_000
    const { clock, sources, recorders, stop } = rig({ seconds: (atMs) => (atMs < wellAtMs ? 0.5 : Infinity) })
    await clock.advance(wellAtMs)
    const early = sources[0].askedAtMs.length
    expect(early).toBeGreaterThan(5)
    expect(early).toBeLessThan(30)
    await clock.advance(72_000)
    const before = recorders[0].status.recordedSeconds
    await clock.advance(60_000)
    expect(recorders[0].status.recordedSeconds - before).toBeCloseTo(60, 0)
    await stop()
  })
})

describe('A station that is gone', () => {
  it.each([1, 5, 20, 58])('for %i s is heard again at once, and told of once', async (outageSeconds) => {
    const isUp = (atMs: number) => atMs < 10_000 || atMs >= 10_000 + outageSeconds * 1000
    const { clock, gaps, told, stop } = rig({ isUp })
    await clock.advance(120_000)
    await stop()
    expect(gaps).toHaveLength(1)
    expect(gaps[0].cause.code).toBe('ISR_SOURCE_RESET')
    expect(gaps[0].seconds - outageSeconds).toBeLessThanOrEqual(outageSeconds < 10 ? 0.7 : 2)
    // attempts that count, not looks
    expect(told.filter((name) => name === 'retry').length).toBeLessThanOrEqual(5)
    expect(told).not.toContain('error')
  })

  describe.each(Object.keys(REFUSALS) as (keyof typeof REFUSALS)[])('and says: %s', (what) => {
    it.each([70, 600, 86_400])(
      'for %i s is asked seldom and with jitter, and never given up',
      async (outageSeconds) => {
        const backAtMs = 10_000 + outageSeconds * 1000
        const isUp = (atMs: number) => atMs < 10_000 || atMs >= backAtMs
        const { clock, sources, gaps, recorders, stop } = rig({ isUp })
        const refusal = REFUSALS[what]
        sources[0].refusal = refusal
        const longestMs = Math.max(60_000, refusal.retryAfterMs ?? 0)
        await clock.advance(backAtMs + longestMs + 10_000)
        expect(recorders[0].status.state).toBe('recording')
        await stop()
        expect(gaps).toHaveLength(1)
        expect(gaps[0].seconds).toBeGreaterThanOrEqual(outageSeconds - 0.2)
        expect(gaps[0].seconds - outageSeconds).toBeLessThanOrEqual(longestMs / 1000 + 1)
        const pauses = pausesBetween(sources[0].askedAtMs.filter((atMs) => atMs > 75_000))
        const least = refusal.retryAfterMs ?? 5000 * 0.8
        for (const pause of pauses) {
          expect(pause).toBeGreaterThanOrEqual(least)
          expect(pause).toBeLessThanOrEqual(longestMs)
        }
        // a server that has said when is asked then
        const isJittered = refusal.retryAfterMs === undefined && pauses.length >= 5
        if (isJittered) expect(new Set(pauses).size).toBeGreaterThan(pauses.length / 3)
        if (outageSeconds >= 600)
          expect(pauses.length).toBeGreaterThanOrEqual((outageSeconds - 240) / (longestMs / 1000))
      },
    )
  })

  it.each([0, 5, 45])('to a hundred sources for %i s: they come back quickly, and spread', async (outageSeconds) => {
    const backAtMs = 10_000 + outageSeconds * 1000
    const isUp = (atMs: number) => atMs < 10_000 || atMs > backAtMs
    const { clock, sources, gaps, stop } = rig({ isUp }, { count: 100 })
    await clock.advance(backAtMs + 5000)
    await stop()
    const back = sources.map(({ askedAtMs }) => askedAtMs.find((atMs) => atMs > backAtMs)! - backAtMs)
    expect(Math.max(...back)).toBeLessThanOrEqual(outageSeconds < 10 ? 700 : 1600)
    expect(gaps).toHaveLength(100)
    // nowhere a tenth of them within five milliseconds, nor ever more than three requests a second of each
    expect(mostWithin(5, back)).toBeLessThan(15)
    const asked = sources.flatMap(({ askedAtMs }) => askedAtMs).filter((atMs) => atMs > 10_000)
    expect(mostWithin(1000, asked)).toBeLessThanOrEqual(400)
  })
})

const pausesBetween = (atMs: readonly number[]) => atMs.slice(1).map((at, index) => at - atMs[index])

describe('A machine that slept', () => {
  const rigOf = (second: readonly ScriptedStep[]) => {
    const clock = new FakeClock(START)
    const ledger = new MemoryLedger()
    const steps = Array.from({ length: 30 }, (_, at) => ({ afterMs: 1000, bytes: numberedFrames(at * 10, 10) }))
    const source = new ScriptedSource('radio', [{ steps: [...steps, ...second] }, { steps: after(1000) }])
    const common = { clock, timeZone: 'UTC', formats: [numberedFormat], retry: { maxAttempts: 0 } }
    const recorder = new Recorder({ source, storage: new MemoryStorage(clock), ledger, ...common })
    const gaps: { readonly from: number; readonly to: number; readonly cause: IsrError }[] = []
    recorder.on('gap', (gap) => void gaps.push(gap))
    recorder.start()
    return { clock, ledger, source, recorder, gaps }
  }
  const after = (first: number): readonly ScriptedStep[] =>
    Array.from({ length: 60 }, (_, at) => ({ afterMs: 1000, bytes: numberedFrames(first + at * 10, 10) }))

  it('tells of the gap with its cause and right times when the connection did not outlive it', async () => {
    const { clock, ledger, source, recorder, gaps } = rigOf([])
    await clock.advance(30_100)
    clock.sleep(3_600_000)
    const awakeMs = clock.now() - START
    await clock.advance(10_000)
    expect(source.connects).toBe(2)
    await recorder.stop()
    expect(gaps).toHaveLength(1)
    expect(gaps[0].cause.code).toBe('ISR_SUSPENDED')
    expect(gaps[0].from - START).toBe(30_000)
    // five seconds to show that it lives, and at most 0.2 s until it is asked again
    expect(gaps[0].to - START - awakeMs).toBeGreaterThanOrEqual(4900)
    expect(gaps[0].to - START - awakeMs).toBeLessThanOrEqual(7700)
    const opened = ledger.entries.flatMap((entry) => (entry.type === 'open' ? [Date.parse(entry.startedAt)] : []))
    expect(opened).toHaveLength(2)
    expect(opened[1]).toBe(Math.round(gaps[0].to))
    expectLedgerLaw(ledger.entries)
  })

  it('goes on with a connection that lives', async () => {
    const { clock, source, recorder, gaps } = rigOf(after(300))
    await clock.advance(30_100)
    clock.sleep(10_000)
    await clock.advance(30_000)
    await recorder.stop()
    expect(source.connects).toBe(1)
    expect(gaps.filter(({ cause }) => cause.code !== 'ISR_SUSPENDED')).toEqual(gaps)
  })
})

/** The most of these moments that lie within so many milliseconds. */
function mostWithin(windowMs: number, moments: readonly number[]): number {
  const sorted = [...moments].sort((one, other) => one - other)
  return Math.max(...sorted.map((from, at) => sorted.slice(at).filter((moment) => moment - from <= windowMs).length))
}
