import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Background } from './rig/background.js'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import { probeDurationSeconds } from './rig/probe.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { startIsr } from './support/isr.js'
import { lawBreaks, longEnough, readLedger, recordingsSoFar } from './support/ledger-file.js'

/** Length of the files. */
const SPLIT_SECONDS = 2

/** libfaketime sets the wall clock of one program, and leaves the monotonic one alone. */
const LIBRARY = readdirSync('/usr/lib')
  .map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path))

/** A recorder of the test signal whose wall clock this test sets. */
async function begin(offsetSeconds: number, pattern = '%H%M%S') {
  const cwd = tempDir('isr-clock-')
  const folder = join(cwd, 'recordings')
  const set = (seconds: number) => {
    writeFileSync(join(cwd, 'offset.new'), `${seconds < 0 ? '' : '+'}${seconds.toFixed(3)}\n`)
    renameSync(join(cwd, 'offset.new'), join(cwd, 'offset'))
  }
  set(offsetSeconds)
  const general = `split_minutes = ${SPLIT_SECONDS / 60}\nfilename_pattern = ${pattern}\ntimezone = Europe/Berlin\nlog_file =\n`
  writeFileSync(join(cwd, 'config.ini'), `[general]\n${general}[demo]\ntype = signal\nformat = wav\nchannels = 1\n`)
  const isr = await startIsr(['record'], {
    cwd,
    env: {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: join(cwd, 'offset'),
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
  })
  const closed = () => (existsSync(join(folder, '.isr/ledger.jsonl')) ? recordingsSoFar(folder) : [])
  const recorded = (count: number) => waitUntil(`${count} files`, () => closed().length >= count, 50_000)
  return { isr, folder, set, recorded }
}

/** What holds whatever the clock does. */
async function expectWhole(isr: Background, folder: string) {
  expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBe(0)
  const ledger = readLedger(folder)
  expect(lawBreaks(ledger)).toEqual([])
  expect(ledger.gaps).toEqual([])
  const { recordings } = ledger
  expect(new Set(recordings.map(({ name }) => name)).size).toBe(recordings.length)
  for (const { name, durationSeconds, frames } of recordings) {
    expect(frames, name).toBeGreaterThan(0)
    // one that is cut short, or left longer, because the clock was set amid it is never as long as two
    expect(durationSeconds, name).toBeLessThan(1.7 * SPLIT_SECONDS)
    expect(await probeDurationSeconds(join(folder, name)), name).toBeCloseTo(durationSeconds, 2)
  }
  // a step forward ends a file at once, however short it is; nothing else makes a short one
  const short = recordings.slice(1, -1).filter(({ durationSeconds }) => durationSeconds < 0.2)
  expect(short.length).toBeLessThanOrEqual(1)
  expect(await checkFiles(longEnough(ledger).map((name) => join(folder, name)))).toEqual([])
  const verify = await startIsr(['verify', folder])
  expect(await verify.ended, verify.output()).toBe(0)
  return recordings
}

/** Offset of the wall clock that makes it `time` in so many seconds. */
const offsetTo = (time: string, inSeconds: number) => (Date.parse(time) - Date.now()) / 1000 - inSeconds

describeWithTools([...CHECKER_TOOLS, 'faketime'], 'a wall clock that is set while it is recorded', () => {
  it.concurrent('by an hour forward and back: files begin on the clock, none is overwritten', async () => {
    const { isr, folder, set, recorded } = await begin(0)
    await recorded(2)
    set(3600)
    await recorded(5)
    set(0)
    await recorded(8)
    const recordings = await expectWhole(isr, folder)
    const hours = recordings.map(({ startedAt }) => Math.round((Date.parse(startedAt) - Date.now()) / 3_600_000))
    expect(hours.join('')).toMatch(/^0+1+0+$/)
    // after each step the clock of then says where files begin
    const onTheClock = recordings.filter(({ startedAt }) => {
      const seconds = (Date.parse(startedAt) / 1000) % SPLIT_SECONDS
      return Math.min(seconds, SPLIT_SECONDS - seconds) < 0.05
    })
    expect(recordings.length - onTheClock.length).toBeLessThanOrEqual(3)
    expect(isr.output()).toMatch(/the clock of this machine was set 3\d{3}\.\d s forward/)
    expect(isr.output()).toMatch(/the clock of this machine was set 3\d{3}\.\d s back/)
  })

  it.concurrent('back by seconds: names come again, with a suffix', async () => {
    const { isr, folder, set, recorded } = await begin(0)
    await recorded(3)
    set(-2 * SPLIT_SECONDS)
    await recorded(7)
    const recordings = await expectWhole(isr, folder)
    expect(recordings.some(({ name }) => /^\d{6}_1\.wav$/.test(name))).toBe(true)
  })

  it.concurrent.each([
    ['spring', '2027-03-28T01:00:00Z', ['+01:00', '+02:00'], ['015958.wav', '030000.wav']],
    ['autumn', '2026-10-25T01:00:00Z', ['+02:00', '+01:00'], ['025958.wav', '020000.wav']],
  ] as const)('through the night of %s: the hour changes, the audio goes on', async (_, change, offsets, names) => {
    const { isr, folder, recorded } = await begin(offsetTo(change, 10))
    await recorded(8)
    const recordings = (await expectWhole(isr, folder)) as readonly { name: string; utcOffset?: string }[]
    expect([...new Set(recordings.map(({ utcOffset }) => utcOffset))]).toEqual(offsets)
    const all = recordings.map(({ name }) => name)
    const at = all.indexOf(names[0])
    expect(all.slice(at, at + 2)).toEqual(names)
    expect(isr.output()).not.toMatch(/was set/)
  })
})
