import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { lawBreaks, readLedger } from './support/ledger-file.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** As a user runs it in a terminal: a process group of its own, which Ctrl+C reaches whole. */
function npmStart(...args: string[]) {
  const child = spawn('npm', ['start', '--silent', '--', ...args], { cwd: root, detached: true, stdio: 'pipe' })
  let output = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString()))
  child.stderr.on('data', (part: Buffer) => (output += part.toString()))
  return {
    output: () => output,
    ended: once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    pressCtrlC: () => process.kill(-child.pid!, 'SIGINT'),
    terminateNpm: () => child.kill('SIGTERM'),
  }
}

async function secondsOf(run: () => Promise<number | null>): Promise<number> {
  const started = performance.now()
  expect(await run()).toBe(0)
  return (performance.now() - started) / 1000
}

/** Whether there is a line of a file, not only a ledger. */
function hasBegun(folder: string): boolean {
  const path = join(folder, '.isr/ledger.jsonl')
  return existsSync(path) && readFileSync(path, 'utf8').includes('"open"')
}

function expectWhole(folder: string, closedBy: string): void {
  const ledger = readLedger(folder)
  expect(lawBreaks(ledger)).toEqual([])
  expect(ledger.recordings.at(-1)).toMatchObject({ source: 'demo', closedBy })
  for (const { name, bytes, samples } of ledger.recordings) {
    expect(name).toMatch(/\.flac$/)
    const file = readFileSync(join(folder, name))
    expect(file.length).toBe(bytes)
    // STREAMINFO has the number of samples: the header was made final
    expect(file.readUInt32BE(22)).toBe(samples)
  }
}

describe('npm start', () => {
  beforeAll(() => {
    expect(spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root }).status).toBe(0)
  })

  it('records the demo when there is no config.ini', async () => {
    const folder = tempDir()
    const [code] = await npmStart('--demo', '--duration', '2', '--output', folder).ended
    expect(code).toBe(0)
    expectWhole(folder, 'stop')
  })

  it('adds less than a second when nothing changed', async () => {
    const cli = join(root, 'packages/cli/dist/isr.js')
    const [direct, throughNpm]: [number[], number[]] = [[], []]
    const added = () => Math.min(...throughNpm) - Math.min(...direct)
    // the quickest of several, side by side: the machine may be busy with other tests
    for (let attempt = 0; attempt < 2 || (attempt < 10 && added() >= 1); attempt++) {
      direct.push(await secondsOf(() => Promise.resolve(spawnSync(process.execPath, [cli, 'record', '--help']).status)))
      throughNpm.push(await secondsOf(async () => (await npmStart('--help').ended)[0]))
    }
    expect(added()).toBeLessThan(1)
  })

  it('closes every file at Ctrl+C', async () => {
    const folder = tempDir()
    const start = npmStart('--demo', '--output', folder)
    await waitUntil('a file', () => hasBegun(folder))
    start.pressCtrlC()
    await start.ended
    await waitUntil('the end of the recorder', () =>
      readFileSync(join(folder, '.isr/ledger.jsonl'), 'utf8').includes('"run"'),
    )
    expectWhole(folder, 'stop')
  })

  it('closes every file when npm alone is terminated', async () => {
    const folder = tempDir()
    const start = npmStart('--demo', '--output', folder)
    await waitUntil('a file', () => hasBegun(folder))
    start.terminateNpm()
    await start.ended
    expectWhole(folder, 'stop')
  })

  it('passes the exit code and the words of a wrong call on', async () => {
    const start = npmStart('no-such.ini')
    expect((await start.ended)[0]).toBe(2)
    expect(start.output()).toContain('no-such.ini')
  })

  it('says what is wrong on a Node that is too old', () => {
    const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } });"
    const run = spawnSync(process.execPath, ['-e', `${old} import('./scripts/start.mjs')`], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(run.status).toBe(1)
    expect(run.stderr).toContain('needs Node 20.19 or newer')
  })
})
