import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FaultServer } from '@isr/core/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { startIsr } from './support/isr.js'
import { readLedger } from './support/ledger-file.js'
import { encodeAudio, mp3Programme, onAir } from './support/on-air.js'

/** Headers, hidden pre-roll, and some frames behind them. */
const BEGUN_BYTES = 12_000

describeWithTools(CHECKER_TOOLS, 'kill -9, then repair, then verify', () => {
  const folder = tempDir('isr-ruin-')
  const recordings = join(folder, 'recordings')
  const servers: FaultServer[] = []

  beforeAll(async () => {
    const opus = { audio: encodeAudio(60, '-c:a libopus -b:a 64k -f ogg'), seconds: 60, contentType: 'audio/ogg' }
    const flac = { audio: encodeAudio(60, '-c:a flac -f flac'), seconds: 60, contentType: 'audio/flac' }
    for (const programme of [mp3Programme(), opus, flac]) servers.push(await FaultServer.start(onAir(programme)))
    const sources = servers.map(({ url }, index) => `[radio${index}]\nurl = ${url}\n`).join('')
    const general = '[general]\nsplit_minutes = 0.05\nseal = yes\nlog_file =\n'
    await writeFile(join(folder, 'config.ini'), `${general}${sources}[demo]\ntype = signal\n`)
  })
  afterAll(() => Promise.all(servers.map((server) => server.close())))

  const isr = async (...args: string[]) => {
    const program = await startIsr(args, { cwd: folder })
    const exitCode = await program.ended
    return { exitCode, output: program.output() }
  }

  it('isr repair finishes every file; isr verify has nothing to say but when it went on', async () => {
    const recorder = await startIsr(['record'], { cwd: folder })
    await waitUntil('a second file of each', () => (recorder.output().match(/: recording /g) ?? []).length >= 8, 30_000)
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(await recorder.stop('SIGKILL')).toBe(-1)
    const ruin = readLedger(recordings)
    const open = ruin.opens.filter(({ name }) => !ruin.recordings.some((line) => line.name === name))
    expect(open.length).toBeGreaterThanOrEqual(4)

    const before = await isr('verify', 'recordings')
    expect(before.exitCode).toBe(1)
    for (const { name } of open) expect(before.output).toContain(`${name} was left open`)
    // the crash of the writer of the ledger as well
    writeFileSync(join(recordings, '.isr/ledger.jsonl'), '{"v":1,"type":"disc', { flag: 'a' })

    const repaired = await isr('repair', 'recordings')
    expect(repaired, repaired.output).toMatchObject({ exitCode: 0 })
    const verified = await isr('verify', 'recordings')
    expect(verified.output).toMatch(/: all is well$/m)
    expect(verified.exitCode).toBe(0)
    expect(verified.output).not.toMatch(/^fault/m)
    const { recordings: lines } = readLedger(recordings)
    expect(lines.filter(({ closedBy }) => closedBy === 'recovered').length).toBe(open.length)
    const long = lines.filter(({ durationSeconds }) => durationSeconds > 0.3).map(({ name }) => join(recordings, name))
    expect(long.length).toBeGreaterThanOrEqual(4)
    expect(await checkFiles(long)).toEqual([])
  })

  it('isr record does the same by itself: seals go on, the time lost is a gap', async () => {
    const killed = await startIsr(['record'], { cwd: folder })
    await waitUntil('a file of each', () => (killed.output().match(/: recording /g) ?? []).length >= 4, 30_000)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await killed.stop('SIGKILL')
    // one of them may be between two files
    const ruin = readLedger(recordings)
    const open = ruin.opens.filter(({ name }) => !ruin.recordings.some((line) => line.name === name))
    const begun = open.filter(({ name }) => statSync(join(recordings, name)).size > BEGUN_BYTES)
    expect(begun.length).toBeGreaterThanOrEqual(2)
    const next = await isr('record', '--duration', '4')
    expect(next.exitCode, next.output).toBe(0)
    expect(next.output.match(/closed .*, recovered\)/g)?.length ?? 0).toBeGreaterThanOrEqual(begun.length)
    expect(next.output.match(/gap of .* \(ISR_INTERRUPTED\)/g)).toHaveLength(4)
    const verified = await isr('verify', 'recordings', '--json')
    const { isGood, reports } = JSON.parse(verified.output) as {
      isGood: boolean
      reports: { sealed: number; recordings: number; findings: { code: string }[] }[]
    }
    expect(isGood, verified.output).toBe(true)
    expect(reports[0].sealed).toBe(reports[0].recordings)
    expect(new Set(reports[0].findings.map(({ code }) => code))).toEqual(new Set(['run-open']))
  })

  it('one flipped byte in one file is named', async () => {
    const [{ name }] = readLedger(recordings).recordings
    const path = join(recordings, name)
    const bytes = readFileSync(path)
    bytes[bytes.length - 100] ^= 1
    writeFileSync(path, bytes)
    const { exitCode, output } = await isr('verify', 'recordings')
    expect(exitCode).toBe(1)
    expect(output).toMatch(new RegExp(`^fault\\s+(seal-broken|file-changed)\\s+.*${name}`, 'm'))
  })
})
