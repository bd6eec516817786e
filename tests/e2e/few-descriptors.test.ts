import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { startIsr } from './support/isr.js'
import { lawBreaks, longEnough, readLedger, recordingsSoFar } from './support/ledger-file.js'

const SPLIT_SECONDS = 2

describeWithTools([...CHECKER_TOOLS, 'prlimit'], 'a recorder that may open no more files', () => {
  it('goes on, says so, and has lost nothing when it may again', { timeout: 120_000 }, async () => {
    const cwd = tempDir('isr-descriptors-')
    const folder = join(cwd, 'recordings')
    const general = `split_minutes = ${SPLIT_SECONDS / 60}\nfilename_pattern = %H%M%S\nlog_file =\n`
    const sources = ['one', 'two', 'three'].map((name) => `[${name}]\ntype = signal\nformat = flac\nchannels = 1\n`)
    await writeFile(join(cwd, 'config.ini'), `[general]\n${general}${sources.join('')}`)
    const isr = await startIsr(['record'], { cwd })
    const closed = () => (existsSync(join(folder, '.isr/ledger.jsonl')) ? recordingsSoFar(folder).length : 0)
    const limit = (files: number) => execFileSync('prlimit', ['--pid', String(isr.pid), `--nofile=${files}:4096`])
    await waitUntil('six files', () => /recording/.test(isr.output()) && closed() >= 6, 30_000)
    // what is open stays open, nothing new can be
    limit(readdirSync(`/proc/${isr.pid}/fd`).length - 3)
    await waitUntil('a word about it', () => /too many open files|EMFILE/i.test(isr.output()), 20_000)
    await sleep(2 * SPLIT_SECONDS * 1000)
    limit(1024)
    const before = closed()
    await waitUntil('files again', () => closed() >= before + 6, 30_000)
    expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBeLessThanOrEqual(1)

    const ledger = readLedger(folder)
    expect(lawBreaks(ledger)).toEqual([])
    expect(ledger.gaps).toEqual([])
    expect(ledger.discards.filter(({ reason }) => reason === 'storage')).toEqual([])
    expect(isr.output()).not.toMatch(/unhandled|a fault in isr itself/i)
    expect(await checkFiles(longEnough(ledger).map((name) => join(folder, name)))).toEqual([])
    const verify = await startIsr(['verify', folder])
    expect(await verify.ended, verify.output()).toBe(0)
  })
})
