import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../src/ledger/entry.js'
import type { RecorderEvents } from '../../src/recorder/events.js'
import { AfterDuration } from '../../src/splitters/after-duration.js'
import { repairFolder } from '../../src/station/folder/repair-folder.js'
import { verifyFolder } from '../../src/station/folder/verify-folder.js'
import { Recorder } from '../../src/station/recorder.js'
import { ScriptedSource, type ScriptedStep } from '../../src/testing/scripted-source.js'
import { systemClock } from '../../src/time/clock.js'

const RATE_HZ = 8000
const STEP = 800

/** Samples that count up, a tenth of a second at a time, in real time. */
function* ramp(): Generator<ScriptedStep> {
  for (let first = 0; ; first += STEP) {
    const samples = Int16Array.from({ length: STEP }, (_, index) => (first + index) % 30_000)
    yield { afterMs: 100, bytes: new Uint8Array(samples.buffer) }
  }
}

type Named<K extends keyof RecorderEvents> = Parameters<RecorderEvents[K]>[0]

/** A recorder of such a ramp, and a neighbour in a folder of its own. */
function record(directory: string, neighbourFolder: string) {
  const pcm = { sampleRateHz: RATE_HZ, channels: 1, sampleFormat: 's16' } as const
  const create = (name: string, storage: string) =>
    new Recorder({
      source: new ScriptedSource(name, [{ pcm, steps: ramp() }]),
      storage,
      splitter: new AfterDuration({ seconds: 3 }),
      filenamePattern: '%H%M%S.%f',
      timeZone: 'UTC',
    })
  const recorder = create('test', directory)
  const neighbour = create('neighbour', neighbourFolder)
  const errors: { readonly code: string; readonly atMs: number }[] = []
  recorder.on('error', ({ error: { code } }: Named<'error'>) => errors.push({ code, atMs: systemClock.monotonicMs() }))
  recorder.start()
  neighbour.start()
  return { recorder, neighbour, errors }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Real samples of all files that the ledger knows, in the order of time. */
function samplesIn(directory: string): number[] {
  const lines = new Map<string, Extract<LedgerEntry, { type: 'recording' }>>()
  for (const text of readFileSync(join(directory, '.isr/ledger.jsonl'), 'utf8').trimEnd().split('\n')) {
    const entry = JSON.parse(text) as LedgerEntry
    if (entry.type === 'recording') lines.set(entry.name, entry)
    else if (entry.type === 'removed') lines.delete(entry.name)
  }
  const order = [...lines.values()].sort(
    (one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt) || one.seq - other.seq,
  )
  return order.flatMap(({ name, headerBytes, samples }) => {
    const bytes = readFileSync(join(directory, name)).subarray(headerBytes, headerBytes + 2 * samples)
    return Array.from({ length: samples }, (_, index) => bytes.readInt16LE(2 * index))
  })
}

const isRoot = process.getuid?.() === 0
const root = mkdtempSync(join(tmpdir(), 'isr-volume-'))
const mounts: string[] = []
afterAll(() => {
  for (const path of mounts) execFileSync('umount', ['-l', path])
  rmSync(root, { recursive: true, force: true })
})

async function expectWhole(directory: string, seconds: number): Promise<void> {
  // nobody vouches for what a failing volume left: it must have rested for a minute
  for (const name of readdirSync(directory)) utimesSync(join(directory, name), 1_700_000_000, 1_700_000_000)
  await repairFolder({ directory })
  const { findings } = await verifyFolder({ directory })
  expect(findings.filter(({ severity }) => severity === 'fault')).toEqual([])
  const samples = samplesIn(directory)
  expect(samples.length).toBeGreaterThan(seconds * RATE_HZ)
  expect(samples.findIndex((sample, index) => sample !== index % 30_000)).toBe(-1)
}

describe.skipIf(!isRoot)('a real volume that fails (mounting one needs root)', () => {
  it('is full, and freed again: told within 2 s, recording within 5 s, not a sample lost or doubled', async () => {
    const directory = join(root, 'small')
    mkdirSync(directory)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory])
    mounts.push(directory)
    const { recorder, neighbour, errors } = record(directory, join(root, 'neighbour'))
    await expect.poll(() => recorder.status.recordedSeconds).toBeGreaterThan(2)
    const filler = join(directory, 'filler')
    try {
      writeFileSync(filler, Buffer.alloc(4 << 20))
    } catch {
      // it is full now, which is what it is for
    }
    const fullMs = systemClock.monotonicMs()
    await expect.poll(() => errors.length, { interval: 20 }).toBe(1)
    const toldMs = errors[0].atMs - fullMs
    await expect.poll(() => recorder.status.bufferedSeconds).toBeGreaterThan(2)
    expect(recorder.status).toMatchObject({ state: 'recording', storage: { code: 'ISR_STORAGE_FULL' } })
    rmSync(filler)
    const freedMs = systemClock.monotonicMs()
    await expect.poll(() => recorder.status.storage, { interval: 20 }).toBeUndefined()
    const backMs = systemClock.monotonicMs() - freedMs
    for (const one of [recorder, neighbour]) await expect.poll(() => one.status.recordedSeconds).toBeGreaterThan(6.5)
    await Promise.all([recorder.stop(), neighbour.stop()])
    expect(toldMs).toBeLessThan(2000 + 3000) // and what a loaded machine adds
    expect(backMs).toBeLessThan(5000 + 3000)
    expect(errors.map(({ code }) => code)).toEqual(['ISR_STORAGE_FULL'])
    expect(neighbour.status.lastError).toBeUndefined()
    await expectWhole(directory, 6)
    await expectWhole(join(root, 'neighbour'), 6)
    expect(readdirSync(join(directory, '.isr')).filter((name) => name.startsWith('probe'))).toEqual([])
  })
})

describe('a folder that is removed while it is recorded', () => {
  it('is made again: told within 2 s, recording within 5 s, nothing lost from then on', async () => {
    const directory = join(root, 'removed')
    const { recorder, neighbour, errors } = record(directory, join(root, 'beside'))
    await expect.poll(() => recorder.status.recordedSeconds).toBeGreaterThan(2)
    const atSeconds = recorder.status.recordedSeconds
    rmSync(directory, { recursive: true, force: true })
    await expect.poll(() => errors.length, { interval: 20 }).toBeGreaterThan(0)
    await expect.poll(() => recorder.status.storage === undefined && recorder.status.recording).toBeTruthy()
    await wait(1000)
    const { recordedSeconds } = recorder.status
    await Promise.all([recorder.stop(), neighbour.stop()])
    expect(errors).toHaveLength(1)
    expect(neighbour.status.lastError).toBeUndefined()
    const samples = readdirSync(directory)
      .filter((name) => name.endsWith('.wav'))
      .sort()
      .flatMap((name) => {
        const bytes = readFileSync(join(directory, name))
        const start = bytes.indexOf('data') + 8
        const end = start + bytes.readUInt32LE(start - 4)
        return Array.from({ length: (end - start) / 2 }, (_, index) => bytes.readInt16LE(start + 2 * index))
      })
    expect(samples.every((sample, index) => sample === (samples[0] + index) % 30_000)).toBe(true)
    expect(samples[0]).toBeLessThanOrEqual(atSeconds * RATE_HZ)
    expect(samples[0] + samples.length).toBeGreaterThanOrEqual(Math.floor(recordedSeconds * RATE_HZ))
  })
})
