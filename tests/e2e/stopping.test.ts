import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FaultServer } from '@isr/core/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Background } from './rig/background.js'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { startIsr } from './support/isr.js'
import { lawBreaks, longEnough, readLedger } from './support/ledger-file.js'
import { mp3Programme, onAir, wavProgramme } from './support/on-air.js'

/** A program that hears no signal but the last one; its pid goes into a file. */
const STUBBORN = `sh -c 'trap "" TERM INT HUP; echo $$ >pid; while :; do sleep 1; done'`

describeWithTools(CHECKER_TOOLS, 'stopping', () => {
  let server: FaultServer

  beforeAll(async () => {
    const [mp3, wav] = [onAir(mp3Programme()), onAir(wavProgramme())]
    server = await FaultServer.start((connection) => (connection.request.path === '/mp3' ? mp3 : wav)(connection))
  })
  afterAll(() => server?.close())

  /** Records an MP3, a WAV and the signal; `more` is added to the configuration. */
  async function start(more = '', ...flags: string[]): Promise<{ isr: Background; cwd: string }> {
    const cwd = tempDir('isr-stop-')
    const sources = `[music]\nurl = ${server.url}mp3\npassword = hunter2\nusername = me\n[speech]\nurl = ${server.url}wav\n[demo]\ntype = signal\n`
    await writeFile(join(cwd, 'config.ini'), `[general]\nsplit_minutes = 0.05\n${sources}${more}`)
    return { isr: await startIsr(['record', ...flags], { cwd }), cwd }
  }

  const statusOf = (cwd: string) => join(cwd, 'recordings/status.json')

  /** What must be true of any clean end. */
  async function expectPerfect(cwd: string): Promise<void> {
    expect(existsSync(statusOf(cwd))).toBe(false)
    const ledger = readLedger(join(cwd, 'recordings'))
    expect(lawBreaks(ledger)).toEqual([])
    expect(new Set(ledger.recordings.map(({ source }) => source))).toEqual(new Set(['music', 'speech', 'demo']))
    expect(ledger.recordings.map(({ name }) => name).sort()).toEqual(ledger.opens.map(({ name }) => name).sort())
    const names = longEnough(ledger)
    expect(names.length).toBeGreaterThanOrEqual(3)
    expect(await checkFiles(names.map((name) => join(cwd, 'recordings', name)))).toEqual([])
  }

  it.concurrent.each(['SIGINT', 'SIGTERM'] as const)('%s closes every file and exits with 0', async (signal) => {
    const { isr, cwd } = await start()
    let status = ''
    const told = () =>
      JSON.parse((status = readFileSync(statusOf(cwd), 'utf8'))) as { activeFiles: string[]; pid: number }
    await waitUntil('three files in status.json', () => existsSync(statusOf(cwd)) && told().activeFiles.length === 3)
    const { activeFiles, pid } = told()
    expect(pid).toBe(isr.pid)
    for (const name of activeFiles) await waitUntil(name, () => existsSync(join(cwd, 'recordings', name)))
    expect(status).not.toContain('hunter2')
    const began = performance.now()
    expect(await isr.stop(signal, 30_000), isr.output()).toBe(0)
    expect(performance.now() - began).toBeLessThan(5000)
    expect(isr.output()).toContain(`${signal}: closing every file; once more ends at once`)
    await expectPerfect(cwd)
  })

  it.concurrent('--duration stops by itself, with the same care', async () => {
    const began = performance.now()
    const { isr, cwd } = await start('', '--duration', '3.5')
    expect(await isr.ended, isr.output()).toBe(0)
    expect(performance.now() - began).toBeGreaterThan(3400)
    expect(performance.now() - began).toBeLessThan(30_000)
    await expectPerfect(cwd)
    const heard = readLedger(join(cwd, 'recordings')).recordings.filter(({ source }) => source === 'demo')
    const seconds = heard.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
    // it counts from before the sources are connected, which takes its time on a loaded machine
    expect(seconds).toBeGreaterThan(2)
    expect(seconds).toBeLessThan(7)
  })

  it.concurrent(
    'waits for a program that does not listen; a second signal does not, and leaves nothing running',
    async () => {
      const { isr, cwd } = await start(`[stubborn]\ntype = command\ncommand = ${STUBBORN}\n`)
      await waitUntil('the program', () => existsSync(join(cwd, 'pid')) && existsSync(statusOf(cwd)))
      const pid = Number(readFileSync(join(cwd, 'pid'), 'utf8'))
      process.kill(isr.pid, 'SIGINT')
      await waitUntil('the first signal', () => isr.output().includes('SIGINT: closing'))
      // npm repeats a signal at once: that is no second one
      await new Promise((resolve) => setTimeout(resolve, 600))
      expect(isRunning(pid)).toBe(true)
      const began = performance.now()
      expect(await isr.stop('SIGINT', 30_000)).toBe(130)
      // the deadline of the first signal is 25 s
      expect(performance.now() - began).toBeLessThan(5000)
      await waitUntil('the end of the program', () => !isRunning(pid))
    },
  )

  it.concurrent('ends a program that does not listen within the deadline', async () => {
    const { isr, cwd } = await start(`[stubborn]\ntype = command\ncommand = ${STUBBORN}\n`)
    await waitUntil('the program', () => existsSync(join(cwd, 'pid')) && existsSync(statusOf(cwd)))
    const pid = Number(readFileSync(join(cwd, 'pid'), 'utf8'))
    expect(await isr.stop('SIGTERM', 30_000), isr.output()).toBe(0)
    expect(isRunning(pid)).toBe(false)
    await expectPerfect(cwd)
  })
})

/** A zombie does not run: who reaps orphans here is not our business. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
