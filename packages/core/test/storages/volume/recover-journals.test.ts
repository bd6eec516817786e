import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { JOURNAL_FOLDER } from '../../../src/storages/volume/journal/layout.js'
import { recoverJournals } from '../../../src/storages/volume/journal/recover-journals.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'
import { systemClock } from '../../../src/time/clock.js'
import { ThreadedTests } from '../../support/threaded-storage.js'

const tests = new ThreadedTests('isr-recover-')
const { directory } = tests

/** Records two files with group commit, telling how much of them is durable. */
const program = (script: string) => `
  const { FileStorage } = await import(${JSON.stringify(script)})
  const storage = new FileStorage({ directory: process.argv[1], groupCommit: 'always', syncSeconds: 0.1 })
  const writers = await Promise.all(['a.mp3', 'b.mp3'].map((name) => storage.create(name)))
  for (let at = 0; ; at += 1000) {
    for (const writer of writers) writer.append(Buffer.alloc(1000, at / 1000))
    await new Promise((resolve) => setTimeout(resolve, 20))
    console.log(Math.min(...writers.map(({ unsyncedBytes }) => at + 1000 - unsyncedBytes)))
  }`

async function recordUntilDurable(folder: string, bytes: number): Promise<{ child: ChildProcess; durable: number }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(tests.threaded.script), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (Number(line) >= bytes) return { child, durable: Number(line) }
  }
  throw new Error('it ended by itself')
}

const journals = (folder: string) => readdirSync(join(folder, JOURNAL_FOLDER))

/** What the files of the program begin with. */
const expected = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, at) => Math.floor(at / 1000)))

describe('the journal of a process', () => {
  it('gives back what the files have lost when it is gone, and is left alone while it runs', async () => {
    const folder = directory()
    const { child, durable } = await recordUntilDurable(folder, 30_000)
    expect(await recoverJournals({ directory: folder, clock: systemClock })).toBe(0)
    expect(journals(folder)).toHaveLength(1)
    child.kill('SIGKILL')
    await once(child, 'exit')
    // what was never flushed in the file itself
    truncateSync(join(folder, 'a.mp3'), 2000)
    const before = readFileSync(join(folder, 'b.mp3'))
    expect(await recoverJournals({ directory: folder, clock: systemClock })).toBeGreaterThanOrEqual(durable - 2000)
    const found = readFileSync(join(folder, 'a.mp3'))
    expect(found.length).toBeGreaterThanOrEqual(durable)
    expect(found.equals(expected(found.length))).toBe(true)
    expect(readFileSync(join(folder, 'b.mp3')).equals(before)).toBe(true)
    expect(journals(folder)).toEqual([])
    expect(await recoverJournals({ directory: folder, clock: systemClock })).toBe(0)
  })

  it('gives nothing to another file that has its name by now, and makes no file anew', async () => {
    const folder = directory()
    const { child } = await recordUntilDurable(folder, 10_000)
    child.kill('SIGKILL')
    await once(child, 'exit')
    rmSync(join(folder, 'a.mp3'))
    copyFileSync(join(folder, 'b.mp3'), join(folder, 'c.mp3'))
    rmSync(join(folder, 'b.mp3'))
    writeFileSync(join(folder, 'b.mp3'), 'mine')
    expect(await recoverJournals({ directory: folder, clock: systemClock })).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(['.isr', 'b.mp3', 'c.mp3'])
    expect(readFileSync(join(folder, 'b.mp3'), 'utf8')).toBe('mine')
    expect(journals(folder)).toEqual([])
  })

  it('is given up when nothing in it can be read and nobody has touched it for a minute', async () => {
    const folder = directory()
    mkdirSync(join(folder, JOURNAL_FOLDER), { recursive: true })
    writeFileSync(join(folder, JOURNAL_FOLDER, '1-abc.bin'), Buffer.alloc(10_000, 'no journal'))
    const clock = new FakeClock(Date.now())
    const done = recoverJournals({ directory: folder, clock })
    await expect.poll(() => clock.pendingTimers).toBe(1)
    expect(journals(folder)).toHaveLength(1)
    await clock.advance(60_000)
    expect(await done).toBe(0)
    expect(journals(folder)).toEqual([])
  })
})
