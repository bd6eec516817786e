import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FaultServer } from '@isr/core/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { startIsr } from './support/isr.js'
import { lawBreaks, longEnough, readLedger } from './support/ledger-file.js'
import { mp3Programme, onAir } from './support/on-air.js'

describeWithTools(CHECKER_TOOLS, 'two recorders in one folder, with the same sources', () => {
  const folder = tempDir('isr-two-')
  const recordings = join(folder, 'recordings')
  let server: FaultServer

  beforeAll(async () => {
    server = await FaultServer.start(onAir(mp3Programme()))
    const sources = `[radio]\nurl = ${server.url}\n[demo]\ntype = signal\n`
    await writeFile(join(folder, 'config.ini'), `[general]\nsplit_minutes = 0.05\nlog_file =\n${sources}`)
  })
  afterAll(() => server?.close())

  it('never share a file, keep one true ledger, and see no crash in each other', async () => {
    const first = await startIsr(['record'], { cwd: folder })
    await waitUntil(
      'both files of the first',
      () => (first.output().match(/: recording .*\.(mp3|flac)$/gm) ?? []).length >= 2,
    )
    const second = await startIsr(['record', '--duration', '4.5'], { cwd: folder })
    expect(await second.ended, second.output()).toBe(0)
    expect(await first.stop('SIGTERM', 30_000), first.output()).toBe(0)

    const ledger = readLedger(recordings)
    const names = ledger.recordings.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.sort()).toEqual(ledger.opens.map(({ name }) => name).sort())
    expect(names.some((name) => name.includes('_1.'))).toBe(true)
    expect(ledger.runs.length).toBe(4)
    expect(lawBreaks(ledger)).toEqual([])
    expect(ledger.gaps).toEqual([])
    expect(await checkFiles(longEnough(ledger).map((name) => join(recordings, name)))).toEqual([])
    expect(second.output()).toMatch(/was left open and stays as it is: it is being recorded/)
    expect(`${first.output()}${second.output()}`).not.toMatch(/gap of|ERROR/)
  })
})
