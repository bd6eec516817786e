import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../src/ledger/entry.js'
import { expectAllClosed, expectLedgerLaw } from '../support/ledger-law.js'
import { signalSource as source, stationOf as station } from '../support/signal-station.js'

const root = mkdtempSync(join(tmpdir(), 'isr-station-'))
afterAll(() => rmSync(root, { recursive: true }))
let count = 0
const folder = () => join(root, String(count++))

const ledgerOf = (directory: string) =>
  readFileSync(join(directory, '.isr', 'ledger.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerEntry)
const wavesIn = (directory: string) => readdirSync(directory).filter((name) => name.endsWith('.wav'))

describe('Station', () => {
  it('records several sources of one folder at once, one ledger, names apart, status.json while it runs', async () => {
    const directory = folder()
    const both = station(source('Garden', directory), source('Street/North', directory))
    both.start()
    for (const prefix of ['Garden_', 'Street_North_'])
      await expect
        .poll(() => wavesIn(directory).filter((name) => name.startsWith(prefix)).length)
        .toBeGreaterThanOrEqual(3)
    const status = () => JSON.parse(readFileSync(join(directory, 'status.json'), 'utf8')) as { activeFiles: string[] }
    await expect.poll(() => status().activeFiles.length).toBe(2)
    await both.stop()
    expect(await both.finished).toMatchObject({ failed: [] })
    expect(existsSync(join(directory, 'status.json'))).toBe(false)
    const entries = ledgerOf(directory)
    expect(expectLedgerLaw(entries)).toBe(2)
    expectAllClosed(entries)
  })

  it('lets a bad source fail alone: unwritable folder, missing program, wrong host', async () => {
    const good = folder()
    const blocked = folder()
    writeFileSync(blocked, 'a file in the place of the folder')
    const errors: string[] = []
    const four = station(
      source('good', good),
      source('blocked', blocked, { timeZone: 'UTC' }),
      source('missing', folder(), { type: 'command', command: ['/no/such/program'] }),
      source('nowhere', folder(), { type: 'stream', url: 'http://127.0.0.1:1/x.mp3' }),
    )
    four.on('error', ({ source: name, error }) => errors.push(`${name}: ${error.code}`))
    four.start()
    const states = () => Object.fromEntries(four.status.sources.map(({ source: name, state }) => [name, state]))
    // a volume may come back: what is received waits in memory
    await expect.poll(states).toEqual({ good: 'recording', blocked: 'recording', missing: 'failed', nowhere: 'failed' })
    const failing = () => four.status.sources.filter(({ storage }) => storage)
    await expect.poll(failing).toMatchObject([{ source: 'blocked', storage: { code: 'ISR_STORAGE_DENIED' } }])
    await expect.poll(() => wavesIn(good).length).toBeGreaterThanOrEqual(3)
    await four.stop({ deadlineMs: 1000 })
    expect([...(await four.finished).failed].sort()).toEqual(['blocked', 'missing', 'nowhere'])
    expect(new Set(errors.map((line) => line.split(':')[0]))).toEqual(new Set(['blocked', 'missing', 'nowhere']))
    expectLedgerLaw(ledgerOf(good))
  })

  it('never overwrites what a run before it recorded in the same second', async () => {
    const directory = folder()
    for (let run = 0; run < 2; run++) {
      const one = station(source('one', directory, { filenamePattern: 'fixed', splitMinutes: 525_600 }))
      one.start()
      await expect.poll(() => one.status.sources[0].recordedSeconds).toBeGreaterThan(0)
      await one.stop()
    }
    expect(wavesIn(directory).sort()).toEqual(['fixed.wav', 'fixed_1.wav'])
    expectAllClosed(ledgerOf(directory))
  })

  it('stops also when it was never started', async () => {
    const idle = station(source('idle', folder()))
    await idle.stop()
    expect(await idle.finished).toMatchObject({ failed: [] })
  })
})
