import { afterEach, beforeEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { SourceError, type IsrError } from '../../../src/errors.js'
import type { Format } from '../../../src/formats/format.js'
import type { LedgerEntry } from '../../../src/ledger/entry.js'
import { MemoryLedger, type Ledger } from '../../../src/ledger/ledger.js'
import type { Discard, Recording } from '../../../src/model.js'
import type { RecorderOptions } from '../../../src/recorder/options.js'
import { Never } from '../../../src/splitters/never.js'
import { Splitter } from '../../../src/splitters/splitter.js'
import { Recorder } from '../../../src/station/recorder.js'
import { MemoryStorage } from '../../../src/storages/memory-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { ScriptedSource, type ScriptedConnection, type ScriptedStep } from '../../../src/testing/scripted-source.js'
import { expectAllClosed, expectLedgerLaw } from '../../support/ledger-law.js'
import { METHODS, Saboteur } from './support/saboteur.js'
import { frameNumbers, numberedFormat, numberedFrames } from '../../support/numbered-format.js'

/** Frames in chunks of a second, a title every third, after a burst that goes on when the first file is open already. */
function* broadcast(seconds: number, first: number): Generator<ScriptedStep> {
  yield { bytes: numberedFrames(first, 10), metadata: { title: 'Title' } }
  yield { afterMs: 1600, bytes: numberedFrames(first + 10, 20) }
  for (let second = 3; second < seconds; second++) {
    const bytes = numberedFrames(first + second * 10, 10)
    yield { afterMs: 1000, bytes, ...(second % 3 === 0 && { metadata: { title: `Title ${second}` } }) }
  }
}

const SECONDS = 13
const RECORDED_MS = 70_500
/** The last connection plays again and again. */
const CONNECTIONS: ScriptedConnection[] = [0, 1000, 2000].map((first) => ({
  steps: [...broadcast(SECONDS, first)],
  end: new SourceError('ISR_SOURCE_RESET', 'reset'),
}))
CONNECTIONS.push({ steps: [...broadcast(90, 3000)] })

const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
afterEach(() => expect(unhandled).toEqual([]))
/** Pauses before retries are always the same: a rehearsal tells which call is the last. */
const sameJitter = () => vi.spyOn(Math, 'random').mockReturnValue(0.5)
beforeEach(() => void sameJitter())

/** A recorder with plug-ins that fail beside one that has none, in one folder. */
async function record(
  saboteur: Saboteur,
  more: Partial<Omit<RecorderOptions, 'storage'>> & { storage?: MemoryStorage } = {},
) {
  const clock = new FakeClock(Date.UTC(2026, 10, 22, 12))
  const storage = new MemoryStorage(clock)
  const ledger = new MemoryLedger()
  const common = { storage, ledger, clock, timeZone: 'UTC' }
  const source = new ScriptedSource('test', CONNECTIONS)
  const recorder = new Recorder({
    ...common,
    source,
    formats: [saboteur.format],
    splitter: saboteur.splitter(),
    ...more,
  })
  const neighbour = new Recorder({
    ...common,
    source: new ScriptedSource('neighbour', [{ steps: [...broadcast(90, 5000)] }]),
    formats: [numberedFormat],
    splitter: new Never(),
    filenamePrefix: 'neighbour',
  })
  const errors: IsrError[] = []
  const closed: Recording[] = []
  const discards: Discard[] = []
  recorder.on('error', ({ error }) => errors.push(error))
  recorder.on('recording:close', (recording) => closed.push(recording))
  recorder.on('discard', (discard) => discards.push(discard))
  recorder.start()
  neighbour.start()
  await clock.advance(RECORDED_MS)
  const { state } = recorder.status
  await Promise.all([recorder.stop(), neighbour.stop()])
  const frames = closed.map(({ name }) => frameNumbers((more.storage ?? storage).bytes(name)))
  const entries = ledger.entries.filter((entry) => entry.source === 'test')
  const neighbours = ledger.entries.flatMap((entry) =>
    entry.type === 'recording' && entry.source === 'neighbour' ? [entry] : [],
  )
  return { recorder, state, errors, closed, discards, frames, entries, neighbours, source }
}

const linesOf = (entries: readonly LedgerEntry[]) =>
  entries.flatMap((entry) => (entry.type === 'recording' ? [entry] : []))
const sum = (discards: readonly Discard[]) => discards.reduce((total, { bytes }) => total + bytes, 0)

describe('A plug-in that throws', () => {
  const clean = new Saboteur()
  let whole: Awaited<ReturnType<typeof record>>
  beforeAll(async () => {
    sameJitter()
    whole = await record(clean)
  })

  it('is called in the rehearsal, which loses nothing', () => {
    expect([...clean.calls.keys()].sort()).toEqual([...METHODS].sort())
    for (const method of METHODS) expect(clean.calls.get(method), method).toBeGreaterThanOrEqual(2)
    expect(whole.errors).toEqual([])
    expect(whole.discards).toEqual([])
    expect(whole.frames.flat()).toHaveLength(750)
  })

  const cases = METHODS.flatMap((method) => ['first', 'middle', 'last'].map((which) => [method, which] as const))
  it.each(cases)('%s, at the %s call: the run ends, the law holds, recording goes on', async (method, which) => {
    const calls = clean.calls.get(method)!
    const at = { first: 1, middle: Math.ceil(calls / 2), last: calls }[which]!
    const saboteur = new Saboteur(method, at)
    const { recorder, state, errors, closed, discards, frames, entries, neighbours, source } = await record(saboteur)
    expect(saboteur.calls.get(method)).toBeGreaterThanOrEqual(at)
    // told, by name
    expect(errors).toMatchObject([
      {
        code: 'ISR_PLUGIN_FAILED',
        message: expect.stringMatching(`failed in ${method.split('.')[1]}\\(\\): sabotage$`),
      },
    ])
    expect(errors[0].message).toContain(method.startsWith('splitter') ? 'Sabotaged' : 'numbered')
    // over, and until then retried
    expect(await recorder.finished).toEqual({ source: 'test', state: 'stopped' })
    expect(state).toMatch(/^(recording|waiting|connecting)$/)
    expect(source.connects).toBeGreaterThanOrEqual(CONNECTIONS.length)
    expect(source.open).toBe(0)
    // every byte accounted for, every file closed
    expect(expectLedgerLaw(entries)).toBeGreaterThanOrEqual(CONNECTIONS.length)
    expectAllClosed(entries)
    const received = entries.reduce((total, entry) => total + (entry.type === 'run' ? entry.receivedBytes : 0), 0)
    expect(recorder.status.receivedBytes).toBe(received)
    // whole frames, each once, in order; what is in no file is in discards
    for (const numbers of frames) expect(numbers).toEqual(numbers.map((_, index) => numbers[0] + index))
    expect(100 * frames.flat().length + sum(discards)).toBe(received)
    expect(discards.every(({ reason }) => reason === 'plugin')).toBe(true)
    // a chunk or two, never a run
    expect(sum(discards)).toBeLessThanOrEqual(method === 'splitter.cut' || method === 'muxer.end' ? 0 : 3000)
    // nobody vouches for the file of a muxer that failed, and for that one alone
    const doubtful = linesOf(entries).filter(({ closedBy }) => closedBy === 'error')
    const hasFile = method.startsWith('muxer.') && method !== 'muxer.begin' && closed.length > 0
    expect(doubtful.length).toBeLessThanOrEqual(hasFile ? 1 : 0)
    if (['muxer.write', 'muxer.mark', 'muxer.retime', 'muxer.end'].includes(method)) expect(doubtful).toHaveLength(1)
    for (const line of linesOf(entries)) expect(line.sha256 === '').toBe(line.closedBy === 'error')
    // what goes on beside it never knew
    expect(neighbours).toMatchObject([{ frames: 710, closedBy: 'stop' }])
  })

  it('counts its own failures like any other: a finite source is given up at once, with the reason', async () => {
    for (const method of METHODS) {
      const saboteur = new Saboteur(method, clean.calls.get(method) ? 1 : 0)
      const clock = new FakeClock(Date.UTC(2026, 10, 22, 12))
      const ledger = new MemoryLedger()
      const steps = [{ bytes: numberedFrames(0, 30) }, { bytes: numberedFrames(30, 30), metadata: { title: 'x' } }]
      const source = new ScriptedSource('file', [{ pace: 'unpaced', steps, end: 'clean' }], { finite: true })
      const recorder = new Recorder({
        ...{ source, ledger, clock, timeZone: 'UTC', storage: new MemoryStorage(clock) },
        formats: [saboteur.format],
        splitter: saboteur.splitter(),
      })
      recorder.start()
      await clock.advance(10_000)
      const result = await recorder.finished
      if (method === 'muxer.retime')
        expect(result).toMatchObject({ state: 'stopped' }) // unpaced: never called
      else expect(result, method).toMatchObject({ state: 'failed', error: { code: 'ISR_PLUGIN_FAILED' } })
      expect(source.connects).toBe(1)
      expect(expectLedgerLaw(ledger.entries)).toBe(1)
    }
  })
})

describe('A plug-in that answers nonsense', () => {
  it.each([NaN, 1.5, 1e9, undefined as unknown as number])(
    'a splitter that cuts at %s: nothing is lost',
    async (frame) => {
      const splitter = new (class extends Splitter {
        #asked = 0
        cut() {
          return ++this.#asked === 5 ? frame : -1
        }
      })()
      const { errors, frames, entries, discards } = await record(new Saboteur(), { splitter })
      expect(errors).toMatchObject([
        { code: 'ISR_PLUGIN_FAILED', message: expect.stringContaining(`cuts at ${frame}`) },
      ])
      expect(discards).toEqual([])
      expect(frames.flat().length).toBeGreaterThan(390)
      expectLedgerLaw(entries)
    },
  )

  it.each(['begin', 'write', 'end'] as const)('a muxer whose %s gives no bytes', async (method) => {
    const format: Format = {
      ...numberedFormat,
      createMuxer: (header, context) => {
        const muxer = numberedFormat.createMuxer(header, context)
        Object.assign(muxer, { [method]: () => (method === 'end' ? { tail: 'x', patches: [] } : undefined) })
        return muxer
      },
    }
    const { errors, entries, frames, state } = await record(new Saboteur(), { formats: [format] })
    expect(errors.length).toBeGreaterThanOrEqual(CONNECTIONS.length)
    expect(new Set(errors.map(({ message }) => message))).toEqual(
      new Set([`the muxer of format numbered failed in ${method}(): it gave no bytes`]),
    )
    expect(state).not.toBe('failed')
    expectLedgerLaw(entries)
    expectAllClosed(entries)
    expect(frames.flat().length > 0).toBe(method === 'end')
  })

  it('a patch that cannot be', async () => {
    const patches = [{ offsetBytes: -5, bytes: new Uint8Array(3) }]
    const format: Format = {
      ...numberedFormat,
      createMuxer: (header, context) =>
        Object.assign(numberedFormat.createMuxer(header, context), {
          end: () => ({ tail: new Uint8Array(0), patches }),
        }),
    }
    const { errors, entries, frames } = await record(new Saboteur(), { formats: [format] })
    expect(errors[0].code).toBe('ISR_PLUGIN_FAILED')
    expect(frames.flat().length).toBeGreaterThan(300)
    expectLedgerLaw(entries)
  })

  it('audio for which no format is given is told of, not lost in silence', async () => {
    const pcm = { sampleRateHz: 8000, channels: 1, sampleFormat: 's16' } as const
    const steps = Array.from({ length: 30 }, () => ({ afterMs: 500, bytes: new Uint8Array(8000) }))
    const source = new ScriptedSource('test', [{ pcm, steps }])
    const { errors, entries, recorder } = await record(new Saboteur(), { source, retry: { maxAttempts: 1 } })
    expect(await recorder.finished).toMatchObject({ state: 'failed', error: { cause: { code: 'ISR_FORMAT_UNKNOWN' } } })
    expect(errors.at(-1)?.message).toContain('the source sends wav, which is not among the formats')
    expect(expectLedgerLaw(entries)).toBeGreaterThan(0)
  })
})

describe('A ledger or storage of somebody else that fails', () => {
  const failures: [string, Ledger][] = [
    [
      'throws',
      {
        append: () => {
          throw new Error('no ledger today')
        },
        close: () => Promise.resolve(),
      },
    ],
    ['rejects', { append: () => Promise.reject(new Error('no ledger today')), close: () => Promise.resolve() }],
  ]
  it.each(failures)('a ledger that %s: every frame is recorded, and it is told of', async (_, ledger) => {
    const warnings: string[] = []
    const clock = new FakeClock()
    const storage = new MemoryStorage(clock)
    const source = new ScriptedSource('test', [{ steps: [...broadcast(8, 0)] }])
    const recorder = new Recorder({ source, ledger, storage, clock, formats: [numberedFormat], splitter: new Never() })
    recorder.on('warning', ({ message }) => warnings.push(message))
    recorder.start()
    await clock.advance(9000)
    await recorder.stop()
    expect(await recorder.finished).toMatchObject({ state: 'stopped' })
    expect(warnings).toContain('the ledger failed in append(): no ledger today')
    expect(recorder.status).toMatchObject({ recordings: 1, recordedSeconds: 8 })
  })

  it('a storage whose writer throws is a volume that failed', async () => {
    const storage = new MemoryStorage()
    const create = storage.create.bind(storage)
    let left = 12
    storage.create = async (name) => {
      const writer = await create(name)
      const append = writer.append.bind(writer)
      return Object.assign(writer, {
        append: (bytes: Uint8Array) => {
          if (left-- === 0) throw new Error('gone')
          append(bytes)
        },
      })
    }
    const { errors, entries, state } = await record(new Saboteur(), { storage })
    expect(errors).toMatchObject([{ code: 'ISR_STORAGE_FAILED', message: 'gone' }])
    expect(state).toBe('recording')
    expectLedgerLaw(entries)
    expectAllClosed(entries)
  })
})
