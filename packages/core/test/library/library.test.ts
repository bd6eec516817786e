import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Library } from '../../src/library/library.js'
import { openLibrary } from '../../src/station/open-library.js'
import { FakeClock } from '../../src/testing/fake-clock.js'

const START = Date.UTC(2026, 5, 1, 12)
const facts = (name: string, at: number, source = 'radio') => ({
  v: 1,
  source,
  run: 'run-1',
  name,
  startedAt: new Date(at).toISOString(),
  utcOffset: '+02:00',
  format: 'mp3',
  codec: 'mp3',
  sampleRate: 44100,
  channels: 2,
})
const openLine = (name: string, at: number) => ({ ...facts(name, at), type: 'open', seq: 0 })
const recordingLine = (name: string, at: number, bytes = 10) => ({
  ...facts(name, at),
  type: 'recording',
  seq: 0,
  samples: 44100,
  durationSeconds: 1,
  bytes,
  headerBytes: 0,
  receivedBytes: bytes,
  sha256: 'a'.repeat(64),
  frames: 38,
  prerollFrames: 0,
  prerollSamples: 0,
  closedBy: 'boundary',
  titles: [],
})

describe('Library', () => {
  let directory: string
  let clock: FakeClock
  let library: Library
  const seen: string[] = []

  const put = (name: string, bytes: number | Uint8Array = 10) => {
    const path = join(directory, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, typeof bytes === 'number' ? new Uint8Array(bytes) : bytes)
  }
  const tell = (...lines: (object | string)[]) =>
    appendFileSync(
      join(directory, '.isr/ledger.jsonl'),
      lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''),
    )
  const old = (name: string, at: number) => utimesSync(join(directory, name), at / 1000, at / 1000)
  const open = async () => {
    library = await openLibrary({ directory, clock, timeZone: 'Europe/Berlin' })
    for (const event of ['added', 'changed', 'removed'] as const)
      library.on(event, ({ name }) => void seen.push(`${event} ${name}`))
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'isr-library-'))
    mkdirSync(join(directory, '.isr'))
    // real files have real times
    clock = new FakeClock(Date.now())
    seen.length = 0
  })
  afterEach(async () => {
    await library.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('lists what the ledger knows and the folder holds, latest first', async () => {
    put('a/1.mp3')
    put('a/2.mp3', 20)
    tell(openLine('a/1.mp3', START), recordingLine('a/1.mp3', START))
    tell(openLine('a/2.mp3', START + 1000), recordingLine('a/2.mp3', START + 1000, 20))
    tell(recordingLine('gone.mp3', START + 2000))
    await open()
    const { entries, total } = library.find()
    expect(total).toBe(2)
    expect(entries[0]).toEqual({
      name: 'a/2.mp3',
      source: 'radio',
      startedAt: START + 1000,
      utcOffsetMinutes: 120,
      durationSeconds: 1,
      sizeBytes: 20,
      format: 'mp3',
      codec: 'mp3',
      sampleRateHz: 44100,
      channels: 2,
      state: 'closed',
      active: false,
      run: 'run-1',
      sequence: 0,
      closedBy: 'boundary',
      titles: [],
    })
    expect(library.get('gone.mp3')).toBeUndefined()
  })

  it('follows a file from its first line to its end, and its deletion', async () => {
    await open()
    expect(library.size).toBe(0)
    put('1.mp3', 5)
    tell(openLine('1.mp3', START))
    await library.refresh()
    expect(library.get('1.mp3')).toMatchObject({ state: 'open', active: false, sizeBytes: 5 })
    const status = { sources: [{ file: '1.mp3', durationSeconds: 0.5, sizeBytes: 7 }, { state: 'waiting' }] }
    writeFileSync(join(directory, 'status.json'), JSON.stringify(status))
    await library.refresh()
    expect(library.get('1.mp3')).toMatchObject({ state: 'open', active: true, sizeBytes: 7, durationSeconds: 0.5 })
    unlinkSync(join(directory, 'status.json'))
    tell(recordingLine('1.mp3', START))
    await library.refresh()
    expect(library.get('1.mp3')).toMatchObject({ state: 'closed', active: false, sizeBytes: 10, durationSeconds: 1 })
    const { version } = library
    await library.refresh()
    expect(library.version).toBe(version)
    unlinkSync(join(directory, '1.mp3'))
    await library.refresh()
    expect(library.size).toBe(0)
    expect(seen).toEqual(['added 1.mp3', 'changed 1.mp3', 'changed 1.mp3', 'removed 1.mp3'])
    expect(library.version).toBeGreaterThan(version)
  })

  it('reads a line that is torn when it is whole, and goes on behind lines that cannot be read', async () => {
    put('1.mp3')
    put('2.mp3')
    const line = `${JSON.stringify(recordingLine('2.mp3', START))}\n`
    tell('{"v":1,"type":\n', recordingLine('1.mp3', START), line.slice(0, 100))
    await open()
    expect(library.get('1.mp3')?.state).toBe('closed')
    expect(library.get('2.mp3')?.state).toBe('foreign')
    tell(line.slice(100))
    await library.refresh()
    expect(library.get('2.mp3')?.state).toBe('closed')
  })

  it('begins anew when the ledger was replaced', async () => {
    put('1.mp3')
    put('2.mp3')
    tell(recordingLine('1.mp3', START), recordingLine('2.mp3', START))
    await open()
    writeFileSync(join(directory, '.isr/ledger.jsonl'), `${JSON.stringify(recordingLine('2.mp3', START + 5))}\n`)
    await library.refresh()
    expect(library.get('1.mp3')?.state).toBe('foreign')
    expect(library.get('2.mp3')).toMatchObject({ state: 'closed', startedAt: START + 5 })
  })

  it('keeps the gaps', async () => {
    const times = { from: new Date(START).toISOString(), to: new Date(START + 4000).toISOString(), utcOffset: '+02:00' }
    tell({ v: 1, type: 'gap', source: 'radio', run: 'run-1', ...times, seconds: 4, cause: 'ISR_SOURCE_STALLED' })
    await open()
    expect(library.gaps).toEqual([{ source: 'radio', from: START, to: START + 4000, cause: 'ISR_SOURCE_STALLED' }])
  })

  it('takes the folders of the program before this one: no ledger, times in names, lengths from the audio', async () => {
    const wav = execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=2:r=8000', '-f', 'wav', '-'])
    const mp3 = execFileSync('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=3:r=44100', '-write_xing', '0', '-id3v2_version', '0'],
      ...['-f', 'mp3', '-'],
    ])
    put('2025/garden_20250704_060000.wav', wav)
    put('20250704_070000.mp3', mp3)
    put('broken.flac', 100)
    put('notes.txt', 100)
    for (const name of ['2025/garden_20250704_060000.wav', '20250704_070000.mp3', 'broken.flac']) old(name, START)
    await open()
    await library.settled()
    expect(library.size).toBe(3)
    expect(library.get('2025/garden_20250704_060000.wav')).toMatchObject({
      startedAt: Date.UTC(2025, 6, 4, 4),
      utcOffsetMinutes: 120,
      format: 'wav',
      state: 'foreign',
      durationSeconds: 2,
      active: false,
    })
    const { durationSeconds, startedAt } = library.get('20250704_070000.mp3')!
    expect(startedAt).toBe(Date.UTC(2025, 6, 4, 5))
    expect(Math.abs(durationSeconds! - 3)).toBeLessThan(0.1)
    expect(library.get('broken.flac')).toMatchObject({ startedAt: START, sizeBytes: 100, state: 'foreign' })
    expect(library.get('broken.flac')?.durationSeconds).toBeUndefined()
  })

  it('sees a foreign file grow, rest, and move', async () => {
    put('live_20260601_120000.wav', 100)
    await open()
    expect(library.get('live_20260601_120000.wav')).toMatchObject({ sizeBytes: 100, active: true })
    put('live_20260601_120000.wav', 300)
    await library.refresh()
    expect(library.get('live_20260601_120000.wav')).toMatchObject({ sizeBytes: 300, active: true })
    await clock.advance(16_000)
    await library.refresh()
    expect(library.get('live_20260601_120000.wav')?.active).toBe(false)
    renameSync(join(directory, 'live_20260601_120000.wav'), join(directory, 'kept_20260601_120000.wav'))
    await library.refresh()
    expect(library.find().entries.map(({ name }) => name)).toEqual(['kept_20260601_120000.wav'])
  })

  it('looks by itself', async () => {
    await open()
    put('1.mp3')
    tell(recordingLine('1.mp3', START))
    const added = new Promise((resolve) => library.once('added', resolve))
    await clock.advance(1000)
    expect(await added).toMatchObject({ name: '1.mp3' })
  })
})
