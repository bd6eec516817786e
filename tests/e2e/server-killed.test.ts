import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
import { mp3Programme, onAir } from './support/on-air.js'

const SERVING = /http:\/\/127\.0\.0\.1:\d+/

/** Asks for everything, over and over, until it is told to stop or nobody answers any more. */
async function askHard(url: string, isDone: () => boolean): Promise<number> {
  let answered = 0
  const ask = async (path: string) => {
    await (await fetch(url + path, { signal: AbortSignal.timeout(5000) })).arrayBuffer()
    answered++
  }
  const client = async () => {
    while (!isDone()) {
      const { files } = (await (await fetch(`${url}/api/files`)).json()) as { files: { name: string }[] }
      const [name] = files.map((file) => file.name)
      if (name === undefined) continue
      const file = encodeURIComponent(name)
      const paths = [`/stream/${name}`, `/api/cut?file=${file}&start=0.2&end=1`, `/api/clip?file=${file}&start=0&end=1`]
      await Promise.all([...paths, `/api/analyze?file=${file}`, '/api/days', '/api/status', '/metrics'].map(ask))
    }
  }
  await Promise.allSettled([client(), client(), client(), client()])
  return answered
}

function urlOf({ output }: Background): Promise<string> {
  return waitUntil('the server', () => SERVING.test(output())).then(() => SERVING.exec(output())![0])
}

/** Every file but analyses, with a hash of what is in it. */
function snapshot(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(folder, 'analyses')))
    .map((path) => `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
    .sort()
}

const madeFolders = (pid: number) => readdirSync(tmpdir()).filter((name) => name.startsWith(`isr-made-${pid}-`))

describeWithTools(CHECKER_TOOLS, 'a server beside recordings', () => {
  const folder = tempDir('isr-served-')
  const recordings = join(folder, 'recordings')
  let station: FaultServer

  beforeAll(async () => {
    station = await FaultServer.start(onAir(mp3Programme()))
    const general = '[general]\nsplit_minutes = 0.04\nlog_file =\n'
    writeFileSync(join(folder, 'config.ini'), `${general}[radio]\nurl = ${station.url}\n[demo]\ntype = signal\n`)
  })
  afterAll(() => station?.close())

  it('in the process of the recorder is asked hard, and not one frame is lost', async () => {
    const recorder = await startIsr(['record', '--serve', '--port', '0', '--duration', '6'], { cwd: folder })
    const answered = await askHard(await urlOf(recorder), () => recorder.exitCode() !== undefined)
    expect(await recorder.ended, recorder.output()).toBe(0)
    expect(answered).toBeGreaterThan(20)
    const ledger = readLedger(recordings)
    expect(lawBreaks(ledger)).toEqual([])
    expect(ledger.gaps).toEqual([])
    expect(await checkFiles(longEnough(ledger).map((name) => join(recordings, name)))).toEqual([])
  })

  it('in a process of its own is killed amid requests, and the folder is as it was', async () => {
    const before = snapshot(recordings)
    expect(before.length).toBeGreaterThan(4)
    let killed = 0
    for (const afterMs of [100, 400, 900]) {
      const server = await startIsr(['serve', recordings, '--port', '0'])
      const url = await urlOf(server)
      // what the server before this one was making when it was killed is gone
      if (killed > 0) expect(madeFolders(killed)).toEqual([])
      const asking = askHard(url, () => server.exitCode() !== undefined)
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      await server.stop('SIGKILL')
      await asking
      killed = server.pid
      expect(snapshot(recordings)).toEqual(before)
    }
    const last = await startIsr(['serve', recordings, '--port', '0'])
    await urlOf(last)
    expect(madeFolders(killed)).toEqual([])
    expect(await last.stop()).toBe(0)
    expect(snapshot(recordings)).toEqual(before)
  })
})
