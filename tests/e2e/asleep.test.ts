import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FaultServer } from '@isr/core/testing'
import { expect, it } from 'vitest'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { startIsr } from './support/isr.js'
import { lawBreaks, longEnough, readLedger } from './support/ledger-file.js'
import { mp3Programme, onAir } from './support/on-air.js'

const ASLEEP_SECONDS = 5

describeWithTools(CHECKER_TOOLS, 'a recorder that is stopped for a while (SIGSTOP)', () => {
  it('takes what waited for it in the kernel for what it is: no burst, no gap, times right', async () => {
    await using server = await FaultServer.start(onAir(mp3Programme(60)))
    const cwd = tempDir('isr-asleep-')
    const general = `split_minutes = 60\ntimezone = UTC\nstall_timeout_seconds = 20\nlog_file =\n`
    await writeFile(join(cwd, 'config.ini'), `[general]\n${general}[radio]\nurl = ${server.url}live.mp3\n`)
    const isr = await startIsr(['record'], { cwd })
    await waitUntil('a file', () => /: recording .*\.mp3$/m.test(isr.output()))
    await sleep(1500)
    process.kill(isr.pid, 'SIGSTOP')
    await sleep(ASLEEP_SECONDS * 1000)
    process.kill(isr.pid, 'SIGCONT')
    await sleep(3000)
    expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBe(0)

    const folder = join(cwd, 'recordings')
    const ledger = readLedger(folder)
    expect(lawBreaks(ledger)).toEqual([])
    expect(ledger.gaps).toEqual([])
    expect(server.connections).toHaveLength(1)
    expect(isr.output()).not.toMatch(/was set|left out audio|WARNING|ERROR/)
    // the hour may have changed amid it
    const { recordings } = ledger
    const seconds = recordings.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
    expect(seconds).toBeGreaterThan(ASLEEP_SECONDS + 3)
    const last = recordings[recordings.length - 1]
    const endedAt = Date.parse(last.startedAt) + last.durationSeconds * 1000
    const stoppedAt = Date.parse(readLedger(folder).runs[0].endedAt)
    expect(Math.abs(stoppedAt - endedAt)).toBeLessThan(1500)
    expect(await checkFiles(longEnough(ledger).map((name) => join(folder, name)))).toEqual([])
  })
})
