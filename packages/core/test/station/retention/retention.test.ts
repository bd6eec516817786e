import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StorageError } from '../../../src/errors.js'
import type { LedgerEntry } from '../../../src/ledger/entry.js'
import { openLedger } from '../../../src/station/open-ledger.js'
import type { RetentionRules } from '../../../src/station/retention/policy.js'
import { ProtectedFile } from '../../../src/station/retention/protected-file.js'
import { Retention, type RetentionObserver } from '../../../src/station/retention/retention.js'
import { Stock } from '../../../src/station/retention/stock.js'
import { FileStorage } from '../../../src/storages/file-storage.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'

const DAY_MS = 86_400_000
const sound = { codec: 'mp3', sampleRate: 44_100, channels: 2 }
const counts = {
  seq: 0,
  samples: 441_000,
  headerBytes: 0,
  receivedBytes: 1000,
  frames: 383,
  prerollFrames: 0,
  prerollSamples: 0,
}

/** A volume as full as the test says. */
class StockOfVolume extends Stock {
  freeBytes = Infinity
  isDenied = false

  override space() {
    return Promise.resolve({ volume: 'v', freeBytes: this.freeBytes })
  }

  override remove(name: string) {
    if (this.isDenied) return Promise.reject(new StorageError('ISR_STORAGE_DENIED', 'permission denied'))
    return super.remove(name)
  }
}

function withResolvers() {
  let resolve!: () => void
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}

describe('Retention', () => {
  let directory: string
  let clock: FakeClock
  let retention: Retention | undefined
  let stock: StockOfVolume
  const told: string[] = []
  const ledgerPath = () => join(directory, '.isr/ledger.jsonl')
  const ledger = () =>
    readFileSync(ledgerPath(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LedgerEntry)
  const has = (name: string) => existsSync(join(directory, name))
  const enter = (line: object) => appendFileSync(ledgerPath(), `${JSON.stringify(line)}\n`)
  /** A file that ended so many days ago, as a recorder leaves it. */
  const put = (name: string, ageDays: number, more: object = {}, sizeBytes = 1000) => {
    const startedAt = new Date(clock.now() - ageDays * DAY_MS - 10_000).toISOString()
    const facts = {
      v: 1,
      source: 'a',
      run: 'r',
      name,
      startedAt,
      utcOffset: '+00:00',
      format: 'mp3',
      ...sound,
      ...more,
    }
    enter({ ...facts, type: 'open' })
    mkdirSync(join(directory, 'analyses', name, '..'), { recursive: true })
    mkdirSync(join(directory, name, '..'), { recursive: true })
    writeFileSync(join(directory, name), Buffer.alloc(sizeBytes))
    for (const ending of ['.analysis.json', '.levels']) writeFileSync(join(directory, 'analyses', name + ending), 'x')
    const closed = {
      type: 'recording',
      durationSeconds: 10,
      bytes: sizeBytes,
      closedBy: 'boundary',
      sha256: 'a'.repeat(64),
      titles: [],
      ...counts,
    }
    enter({ ...facts, ...closed, ...more })
  }
  const start = (rules: RetentionRules) => {
    const storage = new FileStorage({ directory })
    const ledger = openLedger({ directory, clock })
    stock = new StockOfVolume({ storage, ledger }, () => clock.now())
    const observer: RetentionObserver = {
      onRemoved: ({ name, reason, source, sizeBytes }) => told.push(`${source} ${name} ${reason} ${sizeBytes}`),
      onWarning: ({ code }) => told.push(code),
    }
    retention = new Retention({ sources: [{ source: 'a', rules, stock }], clock, observer })
    retention.start()
    return retention
  }
  /** Lets time pass, and real files be written meanwhile. */
  const pass = async (seconds: number) => {
    for (let left = seconds; left > 0; left--) {
      await clock.advance(1000)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const until = (check: () => void) =>
    vi.waitFor(
      async () => {
        await clock.advance(1000)
        check()
      },
      { timeout: 25_000, interval: 5 },
    )
  /** A look that finds nothing to do leaves no trace: time enough for several. */
  const idle = async () => {
    for (let round = 0; round < 30; round++) {
      await clock.advance(10_000)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'isr-retention-'))
    mkdirSync(join(directory, '.isr'))
    clock = new FakeClock(Date.now())
    told.length = 0
  })
  afterEach(async () => {
    await retention?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  it('removes what is old with what belongs to it, in the ledger first, and nothing in the first minute', async () => {
    put('2026/old.mp3', 5)
    put('new.mp3', 2)
    start({ keepDays: 3 })
    await pass(59)
    expect(told).toEqual([])
    await until(() => expect(told).toEqual(['a 2026/old.mp3 age 1000']))
    expect([
      has('2026/old.mp3'),
      has('analyses/2026/old.mp3.levels'),
      has('analyses/2026/old.mp3.analysis.json'),
    ]).toEqual([false, false, false])
    expect([has('new.mp3'), has('analyses/new.mp3.levels')]).toEqual([true, true])
    expect(ledger().at(-1)).toMatchObject({
      type: 'removed',
      by: 'retention',
      name: '2026/old.mp3',
      source: 'a',
      run: 'r',
    })
  })

  it('never touches what grows, what failed, what is protected, what is foreign, and what another source made', async () => {
    put('gone.mp3', 9)
    put('kept.mp3', 9)
    put('failed.mp3', 9, { closedBy: 'error', sha256: '' })
    put('other.mp3', 9, { source: 'b' })
    put('again.mp3', 9)
    enter({ ...ledger().at(-1), type: 'open' })
    writeFileSync(join(directory, 'foreign.mp3'), 'x')
    await new ProtectedFile(directory).write(['kept.mp3'])
    start({ keepDays: 3, keepBytes: 1, minFreeBytes: 1e9 })
    stock.freeBytes = 0
    await until(() => expect(told).toEqual(expect.arrayContaining(['a gone.mp3 age 1000', 'space-short'])))
    await idle()
    for (const name of ['kept', 'failed', 'other', 'again', 'foreign']) expect(has(`${name}.mp3`), name).toBe(true)
    expect(told.filter((line) => line !== 'space-short')).toEqual(['a gone.mp3 age 1000'])
    expect(told.filter((line) => line === 'space-short')).toHaveLength(1)
  })

  it('removes nothing while nobody can know what is protected', async () => {
    put('old.mp3', 9)
    writeFileSync(join(directory, '.isr/protected.json'), '["old.mp')
    start({ keepDays: 3 })
    await until(() => expect(told).toEqual(['ISR_STORAGE_FAILED']))
    await idle()
    expect(has('old.mp3')).toBe(true)
    expect(told).toEqual(['ISR_STORAGE_FAILED'])
    await new ProtectedFile(directory).write([])
    await until(() => expect(told.slice(1)).toEqual(['a old.mp3 age 1000']))
  })

  it('makes room by size right after a recording was closed', async () => {
    put('1.mp3', 3)
    put('2.mp3', 2)
    const job = start({ keepBytes: 2500 })
    await idle()
    expect(told).toEqual([])
    put('3.mp3', 0)
    job.closed()
    await until(() => expect(told).toEqual(['a 1.mp3 size 1000']))
    expect([has('2.mp3'), has('3.mp3')]).toEqual([true, true])
  })

  it('frees what the volume lacks, and waits before it measures again', async () => {
    for (const age of [1, 2, 3, 4]) put(`${age}.mp3`, age)
    const job = start({ minFreeBytes: 10_000 })
    stock.freeBytes = 8500
    await until(() => expect(told).toEqual(['a 4.mp3 space 1000', 'a 3.mp3 space 1000']))
    // the file system has not counted it yet: nothing more is taken
    job.closed()
    await pass(10)
    stock.freeBytes = 10_500
    await idle()
    expect(told).toHaveLength(2)
  })

  it('finishes what a crash left between ledger and disk, but not what was put back', async () => {
    put('half.mp3', 9)
    put('back.mp3', 9)
    const removed = { v: 1, type: 'removed', by: 'retention', source: 'a', run: 'r', utcOffset: '+00:00' }
    enter({ ...removed, name: 'half.mp3', at: new Date(Date.now() + 60_000).toISOString() })
    enter({ ...removed, name: 'back.mp3', at: new Date(Date.now() - 60_000).toISOString() })
    start({ keepDays: 3 })
    await until(() => expect(has('half.mp3')).toBe(false))
    await idle()
    expect(has('back.mp3')).toBe(true)
    expect(ledger().filter(({ type }) => type === 'removed')).toHaveLength(2)
  })

  it('tries a folder that cannot be changed with one recording at a time, and goes on when it can', async () => {
    put('1.mp3', 9)
    put('2.mp3', 8)
    start({ keepDays: 3 })
    stock.isDenied = true
    await until(() => expect(told).toEqual(['ISR_STORAGE_DENIED']))
    await pass(30)
    expect(ledger().filter(({ type }) => type === 'removed')).toHaveLength(1)
    stock.isDenied = false
    await until(() => expect([has('1.mp3'), has('2.mp3')]).toEqual([false, false]))
    expect(ledger().filter(({ type }) => type === 'removed')).toHaveLength(2)
  })

  it('leaves a file whose line waits for a volume that fails, and ends soon', async () => {
    put('old.mp3', 9)
    const job = start({ keepDays: 3 })
    Object.assign(stock.ledger, { append: () => new Promise(() => {}) })
    await idle()
    const stopped = job.stop()
    await clock.advance(2000)
    await stopped
    expect(has('old.mp3')).toBe(true)
    expect(told).toEqual([])
  })

  it('finishes the removal under way when it ends: what the ledger says is gone does not stay', async () => {
    put('old.mp3', 9)
    const job = start({ keepDays: 3 })
    const { promise, resolve } = withResolvers()
    let isAsked = false
    Object.assign(stock.ledger, {
      append: () => {
        isAsked = true
        return promise
      },
    })
    await until(() => expect(isAsked).toBe(true))
    const stopped = job.stop()
    await clock.advance(100)
    resolve()
    await stopped
    expect(has('old.mp3')).toBe(false)
    expect(told).toEqual(['a old.mp3 age 1000'])
  })
})
