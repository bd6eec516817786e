import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FakeClock } from '@isr/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { LogFile } from '../../src/output/log-file.js'
import type { Line } from '../../src/output/line.js'

const at = new Date(2026, 10, 22, 17, 0, 0).getTime()
const lineOf = (text: string, level: Line['level'] = 'INFO'): Line => ({ at, level, text })

describe('LogFile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isr-log-'))
  afterAll(() => rm(folder, { recursive: true }))
  const clock = new FakeClock()

  function open(path: string): { log: LogFile; faults: string[] } {
    const faults: string[] = []
    const redact = (text: string): string => text.replaceAll('hunter2', '***')
    return {
      faults,
      log: new LogFile({ path, level: 'INFO', redact, clock, onFault: (message) => faults.push(message) }),
    }
  }

  it('adds lines at the end of the file, and makes its folder', async () => {
    const path = join(folder, 'new', 'recorder.log')
    for (const text of ['one', 'two hunter2']) {
      const { log } = open(path)
      log.line(lineOf(text))
      log.line(lineOf('detail', 'DEBUG'))
      await log.close(1000)
    }
    expect(await readFile(path, 'utf8')).toBe('2026-11-22 17:00:00 INFO one\n2026-11-22 17:00:00 INFO two ***\n')
  })

  it('tells once that it cannot be written', async () => {
    const { log, faults } = open(folder)
    await expect.poll(() => faults.length).toBe(1)
    log.line(lineOf('lost'))
    log.line(lineOf('lost'))
    await log.close(1000)
    expect(faults).toEqual([`the log file ${folder} cannot be written (EISDIR); recording goes on`])
  })

  it('tells that its folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '')
    const { log, faults } = open(join(folder, 'file', 'recorder.log'))
    log.line(lineOf('lost'))
    const nowhere = open('/proc/nowhere/recorder.log')
    await nowhere.log.close(1000)
    expect(nowhere.faults).toEqual([expect.stringContaining('cannot be written (ENOENT)')])
    await log.close(1000)
    expect(faults).toEqual([expect.stringMatching(/recorder\.log cannot be written \(ENOTDIR\)/)])
  })

  it('writes again when it can', async () => {
    const path = join(folder, 'late')
    await mkdir(path)
    const { log, faults } = open(path)
    await expect.poll(() => faults.length).toBe(1)
    await rm(path, { recursive: true })
    log.line(lineOf('too early'))
    await clock.advance(60_000)
    log.line(lineOf('back'))
    await log.close(1000)
    expect(await readFile(path, 'utf8')).toBe('2026-11-22 17:00:00 INFO back\n')
  })
})
