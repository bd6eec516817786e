import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  appendFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import type { LedgerEntry, OpenLine, RecordingLine, SealedLine } from '../../src/ledger/entry.js'
import type { Recording } from '../../src/model.js'
import { adoptFolder } from '../../src/station/folder/adopt-folder.js'
import { namingsIn } from '../../src/station/folder/namings-in.js'
import { repairFolder } from '../../src/station/folder/repair-folder.js'
import { verifyFolder } from '../../src/station/folder/verify-folder.js'
import type { Station } from '../../src/station/station.js'
import { Presence } from '../../src/storages/presence/presence.js'
import { AUDIO_KINDS, encodeKind, ENCODER_TOOLS } from '../support/audio-kinds.js'
import { signalSource as source, stationOf as station } from '../support/signal-station.js'
import { growingWav } from '../recovery/support/growing-wav.js'

const root = mkdtempSync(join(tmpdir(), 'isr-folder-'))
afterAll(() => rmSync(root, { recursive: true }))
let count = 0
const folder = () => join(root, String(count++))
const ledgerPath = (directory: string) => join(directory, '.isr', 'ledger.jsonl')
const ledgerOf = (directory: string) =>
  readFileSync(ledgerPath(directory), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerEntry)
/** Starts it, and waits until it has closed a file. */
async function untilClosed(one: Station): Promise<void> {
  let closed = 0
  one.on('recording:close', () => closed++)
  one.start()
  await expect.poll(() => closed).toBeGreaterThan(0)
}
const seconds = (value: number) => new Promise((resolve) => setTimeout(resolve, value * 1000))

const open = (name: string, more: Partial<OpenLine> = {}): OpenLine => ({
  v: 1,
  type: 'open',
  source: 'one',
  run: 'crashed',
  name,
  startedAt: '2026-11-22T00:00:00.000Z',
  utcOffset: '+00:00',
  format: 'wav',
  codec: 'pcm',
  sampleRate: 8000,
  channels: 2,
  seq: 0,
  prerollFrames: 0,
  ...more,
})

/** What a crash left: files that were opened, by a process that is gone unless `aliveFrom` says where a running one began. */
async function ruin(names: readonly string[], options: { readonly torn?: string; readonly vouched?: boolean } = {}) {
  const directory = folder()
  mkdirSync(join(directory, '.isr'), { recursive: true })
  for (const name of names) writeFileSync(join(directory, name), growingWav(8000))
  const lines = names.map((name, seq) => `${JSON.stringify(open(name, { seq }))}\n`).join('')
  writeFileSync(ledgerPath(directory), lines + (options.torn ?? ''))
  if (options.vouched !== false) await leaveDead(directory)
  return directory
}

/** The presence of a process that was killed. */
async function leaveDead(directory: string, ledgerBytes = 0): Promise<void> {
  await new Presence(join(directory, '.isr')).enter(ledgerBytes)
  const live = join(directory, '.isr', 'live')
  for (const name of readdirSync(live)) {
    const path = join(live, name)
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"startTicks":\d+/, '"startTicks":1'))
  }
}

describe('Station, after a crash', () => {
  it('repairs beside recording, tells of it, enters the gap, and verify finds all well', async () => {
    const directory = await ruin(['a.wav', 'b.wav'], { torn: '{"v":1,"type":"disc' })
    const one = station(source('one', directory, { splitMinutes: 525_600 }))
    const closed: Recording[] = []
    const gaps: unknown[] = []
    const warnings: unknown[] = []
    let openedMs = 0
    const startedMs = performance.now()
    one.on('recording:close', (recording) => closed.push(recording))
    one.on('recording:open', () => (openedMs = performance.now() - startedMs))
    one.on('gap', (gap) => gaps.push(gap))
    one.on('warning', (warning) => warnings.push(warning))
    one.start()
    await expect.poll(() => [closed.length, openedMs > 0]).toEqual([2, true])
    expect(closed.map(({ name, closedBy, samples }) => ({ name, closedBy, samples }))).toEqual([
      { name: 'a.wav', closedBy: 'recovered', samples: 8000 },
      { name: 'b.wav', closedBy: 'recovered', samples: 8000 },
    ])
    expect(openedMs).toBeLessThan(10_000) // the burst is waited for, not the minute of a file that nobody vouches for
    await one.stop()
    expect(warnings).toEqual([])
    expect(gaps).toMatchObject([
      { source: 'one', from: Date.UTC(2026, 10, 22) + 1000, cause: { code: 'ISR_INTERRUPTED' } },
    ])
    const entries = ledgerOf(directory)
    expect(entries.filter(({ type }) => type === 'gap')).toMatchObject([
      { from: '2026-11-22T00:00:01.000Z', run: 'crashed', cause: 'ISR_INTERRUPTED' },
    ])
    expect(existsSync(join(directory, '.isr', 'live'))).toBe(true)
    expect(readdirSync(join(directory, '.isr', 'live'))).toEqual([])
    // a.wav and b.wav are of one run and one second, which no recorder makes: time aside, all is well
    const report = await verifyFolder({ directory })
    expect(report.findings.filter(({ code }) => code !== 'run-joint' && code !== 'run-open')).toEqual([])
    expect(report.isGood).toBe(true)
    // the next start finds nothing to do, and the gap is not told again
    const again = station(source('one', directory, { splitMinutes: 525_600 }))
    again.on('gap', (gap) => gaps.push(gap))
    again.start()
    await seconds(1)
    await again.stop()
    expect(gaps).toHaveLength(1)
  })

  it('does not touch what another running process may record', async () => {
    const directory = await ruin(['a.wav'], { vouched: false })
    const other = new Presence(join(directory, '.isr'))
    await other.enter(0)
    const before = readFileSync(join(directory, 'a.wav'))
    const outcomes = await repairFolder({ directory })
    expect(outcomes).toMatchObject([{ name: 'a.wav', action: 'left', reason: 'it is being recorded' }])
    expect(readFileSync(join(directory, 'a.wav')).equals(before)).toBe(true)
    // one that came later cannot have opened it
    await other.enter(10_000)
    await leaveDead(directory)
    await other.enter(10_000)
    expect(await repairFolder({ directory })).toMatchObject([{ name: 'a.wav', action: 'repaired' }])
    await other.leave()
  })

  it('removes empty files that the killed process made and nobody knows, and no others', async () => {
    const directory = await ruin(['a.wav'])
    const hoursAgo = (hours: number) => Date.now() / 1000 - hours * 3600
    const live = join(directory, '.isr', 'live')
    for (const name of readdirSync(live)) utimesSync(join(live, name), hoursAgo(1), hoursAgo(1))
    const removed = { v: 1, type: 'removed', source: 'one', run: 'r', name: 'known.mp3', by: 'user' }
    const at = { at: '2026-11-22T00:00:00.000Z', utcOffset: '+00:00' }
    appendFileSync(ledgerPath(directory), `${JSON.stringify({ ...removed, ...at })}\n`)
    const empty = { 'of-the-crash.mp3': 0.5, 'before.mp3': 2, 'own.mp3': -0.1, 'known.mp3': 0.5, 'notes.txt': 0.5 }
    const make = () => {
      for (const [name, hours] of Object.entries(empty)) {
        writeFileSync(join(directory, name), '')
        utimesSync(join(directory, name), hoursAgo(hours), hoursAgo(hours))
      }
    }
    make()
    const other = new Presence(join(directory, '.isr'))
    await other.enter(10_000)
    await repairFolder({ directory })
    for (const name of Object.keys(empty)) expect(existsSync(join(directory, name)), name).toBe(true)
    await other.leave()
    await leaveDead(directory)
    for (const name of readdirSync(live)) utimesSync(join(live, name), hoursAgo(1), hoursAgo(1))
    expect(await repairFolder({ directory })).toMatchObject([{ name: 'of-the-crash.mp3', action: 'removed' }])
    expect(Object.keys(empty).filter((name) => !existsSync(join(directory, name)))).toEqual(['of-the-crash.mp3'])
  })

  it('leaves the files of a station in the same process alone', async () => {
    const directory = folder()
    const one = station(source('one', directory, { splitMinutes: 525_600 }))
    one.start()
    await expect.poll(() => readFileSync(ledgerPath(directory), 'utf8')).toContain('"open"')
    const lines = () => (existsSync(join(directory, '.isr/ledger.jsonl')) ? ledgerOf(directory) : [])
    await expect.poll(() => lines().some(({ type }) => type === 'open')).toBe(true)
    expect(await repairFolder({ directory })).toMatchObject([{ action: 'left', reason: 'it is being recorded' }])
    const report = await verifyFolder({ directory })
    expect(report.isGood).toBe(true)
    expect(report.findings.map(({ code }) => code)).toContain('file-open')
    await one.stop()
    expect((await verifyFolder({ directory })).findings).toEqual([])
  })

  it('stops at once while it repairs', async () => {
    const directory = await ruin(['a.wav'], { vouched: false })
    const one = station(source('one', directory))
    one.start()
    await seconds(0.3)
    const startedMs = performance.now()
    await one.stop()
    expect(performance.now() - startedMs).toBeLessThan(10_000) // it would look again after a minute
    expect(ledgerOf(directory).some((entry) => entry.type === 'recording' && entry.name === 'a.wav')).toBe(false)
  })

  it('a folder without a ledger is no ruin', async () => {
    const directory = folder()
    mkdirSync(directory)
    await expect(repairFolder({ directory })).rejects.toMatchObject({ code: 'ISR_STORAGE_NOT_FOUND' })
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('Station with seal', () => {
  it('seals as sha256sum says, over restarts, and after a crash what was left', async () => {
    const directory = folder()
    const config = source('one', directory, { seal: true })
    for (let start = 0; start < 2; start++) {
      const one = station(config)
      await untilClosed(one)
      await one.stop()
    }
    const entries = ledgerOf(directory)
    const sealed = entries.filter((entry): entry is SealedLine => entry.type === 'sealed')
    const closed = entries.filter((entry): entry is RecordingLine => entry.type === 'recording')
    expect(sealed.length).toBeGreaterThanOrEqual(3)
    expect(sealed.map(({ name }) => name)).toEqual(closed.map(({ name }) => name))
    const { stdout } = spawnSync(
      'sha256sum',
      sealed.map(({ name }) => name),
      { cwd: directory, encoding: 'utf8' },
    )
    expect(sealed.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')).toBe(stdout)
    expect(await verifyFolder({ directory })).toMatchObject({ isGood: true, sealed: sealed.length })
    expect(entries.filter(({ type }) => type === 'open').every((line) => (line as OpenLine).seal)).toBe(true)
    // a crash before the last seal
    const text = readFileSync(ledgerPath(directory), 'utf8')
    writeFileSync(ledgerPath(directory), text.slice(0, text.lastIndexOf('{"v":1,"type":"sealed"')))
    expect((await verifyFolder({ directory })).findings).toMatchObject([{ code: 'seal-missing' }])
    const after = station(config)
    after.start()
    const missing = async () =>
      (await verifyFolder({ directory })).findings.filter(({ code }) => code === 'seal-missing')
    await expect.poll(missing).toEqual([])
    await after.stop()
    expect((await verifyFolder({ directory })).findings.filter(({ severity }) => severity === 'fault')).toEqual([])
  })

  it('keeps its promise of a seal after a crash before the first: at the next start, sealing or not, and by repair', async () => {
    const recorded = folder()
    const one = station(source('one', recorded, { seal: true }))
    await untilClosed(one)
    await one.stop()
    const lines = readFileSync(ledgerPath(recorded), 'utf8').split('\n')
    const open = lines.find((line) => line.includes('"open"'))!
    const closed = lines.find((line) => line.includes('"recording"'))!
    expect([open, closed]).toEqual([expect.stringMatching('"open".*"seal":true'), expect.stringMatching('"recording"')])
    const { name } = JSON.parse(closed) as RecordingLine
    const starts = { sealing: { seal: true }, 'not any more': {}, repair: undefined }
    const keep = async (how: keyof typeof starts, isClosed: boolean) => {
      const directory = folder()
      mkdirSync(join(directory, '.isr'), { recursive: true })
      copyFileSync(join(recorded, name), join(directory, name))
      writeFileSync(ledgerPath(directory), isClosed ? `${open}\n${closed}\n` : `${open}\n`)
      await leaveDead(directory)
      expect((await verifyFolder({ directory })).isGood, how).toBe(false)
      if (starts[how]) {
        const next = station(source('one', directory, { splitMinutes: 525_600, ...starts[how] }))
        next.start()
        await expect.poll(() => readFileSync(ledgerPath(directory), 'utf8')).toContain('"sealed"')
        await expect.poll(() => next.status.sources[0].recordedSeconds).toBeGreaterThan(0)
        await next.stop()
      } else await repairFolder({ directory })
      const sealed = ledgerOf(directory).filter((entry) => entry.type === 'sealed')
      expect(sealed[0], `${how} ${isClosed}`).toMatchObject({ name, prev: '' })
      // what was promised no seal is not missed: where sealing stopped is noted
      const { findings } = await verifyFolder({ directory })
      expect(findings.filter(({ code }) => code === 'seal-missing')).toEqual([])
      const goesOn = ledgerOf(directory).some((entry) => entry.type === 'recording' && entry.name !== name)
      const ended = findings.filter(({ code }) => code === 'seal-ended')
      expect(ended.map(({ severity }) => severity)).toEqual(how === 'not any more' && goesOn ? ['note'] : [])
    }
    const ways = Object.keys(starts) as (keyof typeof starts)[]
    await Promise.all(ways.flatMap((how) => [keep(how, true), keep(how, false)]))
  })
})

describeWithTools(ENCODER_TOOLS, 'adoptFolder', () => {
  it('takes in old recordings: exact lengths, times from tags or names; then all is well', async () => {
    const directory = folder()
    mkdirSync(join(directory, 'old'), { recursive: true })
    const old = (name: string, bytes: Uint8Array) => {
      const path = join(directory, name)
      writeFileSync(path, bytes)
      utimesSync(path, 1_700_000_000, 1_700_000_000)
    }
    const kinds = AUDIO_KINDS.filter(({ name }) => ['MP3 VBR', 'Vorbis', 'Opus', 'FLAC', 'WAV', 'AAC'].includes(name))
    for (const [index, kind] of kinds.entries())
      old(`old/Radio_20261122_1${index}0005.${kind.extension}`, encodeKind(kind, 1.5))
    old('st160005.mp3', encodeKind(kinds[0], 1))
    old('mystery.mp3', encodeKind(kinds[0], 1))
    old('no audio.mp3', new TextEncoder().encode('not audio at all\n'.repeat(1000)))
    old('notes.txt', new Uint8Array(10))
    writeFileSync(join(directory, 'growing.mp3'), encodeKind(kinds[0], 1))
    const outcomes = await adoptFolder({
      directory,
      source: 'archive',
      timeZone: 'Europe/Berlin',
      namings: [{ source: 'Street', pattern: 'st%H%M%S' }],
    })
    const facts = Object.fromEntries(
      outcomes.map(({ name, recording, reason, timeFrom }) => [
        name,
        recording ? `${recording.source} ${recording.startedAt} ${timeFrom}` : reason,
      ]),
    )
    expect(facts).toEqual({
      ...Object.fromEntries(
        kinds.map(({ extension }, index) => [
          `old/Radio_20261122_1${index}0005.${extension}`,
          `old_Radio 2026-11-22T${String(9 + index).padStart(2, '0')}:00:05.000Z name`,
        ]),
      ),
      'growing.mp3': 'it has just been changed and may still grow',
      'mystery.mp3': expect.stringMatching(/^archive 2023-11-14T22:13:1\d\.\d{3}Z file$/) as string,
      'no audio.mp3': 'it holds no audio of a format that is recorded',
      'st160005.mp3': expect.stringMatching(/^archive .* file$/) as string,
    })
    for (const { recording } of outcomes) {
      if (recording?.startedAt.startsWith('2026')) expect(recording.durationSeconds).toBeCloseTo(1.5, 0)
    }
    const wav = outcomes.find(({ name }) => name.endsWith('.wav'))?.recording
    expect(wav).toMatchObject({
      samples: 66_150,
      closedBy: 'recovered',
      seq: 0,
      run: expect.stringMatching(/^adopted-/) as string,
    })
    const report = await verifyFolder({ directory })
    expect(report.findings.filter(({ severity }) => severity === 'fault').map(({ name }) => name)).toEqual([
      'growing.mp3',
      'no audio.mp3',
    ])
    // a second time there is nothing new, and nothing that stood there has changed
    const before = readFileSync(ledgerPath(directory), 'utf8')
    renameSync(join(directory, 'growing.mp3'), join(root, 'growing.mp3'))
    expect(await adoptFolder({ directory })).toMatchObject([{ name: 'no audio.mp3' }])
    expect(readFileSync(ledgerPath(directory), 'utf8')).toBe(before)
    // and a changed byte is found as in any other recording
    appendFileSync(join(directory, 'mystery.mp3'), 'x')
    expect((await verifyFolder({ directory })).findings.map(({ code }) => code)).toContain('file-size')
  })

  it('knows the patterns of a configuration', () => {
    const config = {
      sources: [
        source('Garden', 'recs', { filenamePattern: 'g%H' }),
        source('Street/1', 'recs/', { filenamePattern: '%d' }),
        source('Street/2', 'recs/', { filenamePattern: '%d' }),
        source('else', 'elsewhere'),
      ],
    }
    expect(namingsIn('./recs', config)).toEqual([
      { source: 'Garden', pattern: 'g%H', timeZone: 'UTC' },
      { source: 'Street/1', pattern: '%d', prefix: 'Street_1', timeZone: 'UTC' },
      { source: 'Street/2', pattern: '%d', prefix: 'Street_2', timeZone: 'UTC' },
    ])
  })
})
