import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../tests/e2e/rig/require-tool.js'
import { waitUntil } from '../../../tests/e2e/rig/wait-until.js'
import { bundleCli } from './support/bundle.js'

const terminal = fileURLToPath(new URL('support/terminal.py', import.meta.url))
const DEMO = ['record', '--demo', '--split-minutes', '0.05', '--output']

let folder: string
let script: string

beforeAll(async () => {
  ;({ folder, script } = await bundleCli())
})
afterAll(() => rm(folder, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

async function newFolder(name: string): Promise<string> {
  await mkdir(join(folder, name))
  return join(folder, name)
}

/** Starts the program; `signals` are sent at their milliseconds after it began its first file. */
async function isr(
  cwd: string,
  args: readonly string[],
  signals: readonly [number, NodeJS.Signals][] = [],
): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], { cwd })
  let [out, err] = ['', '']
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  const hasBegun = () => /: recording /.test(out)
  child.stdout.on('data', (part: Buffer) => {
    const isFirst = !hasBegun()
    out += part.toString()
    if (!isFirst || !hasBegun()) return
    for (const [delayMs, signal] of signals) setTimeout(() => child.kill(signal), delayMs)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, out, err }
}

/** Seconds of audio in the FLAC files of a folder, each of them checked to be whole. */
async function recordedSeconds(recordings: string): Promise<number> {
  let seconds = 0
  for (const name of await readdir(recordings)) {
    if (!name.endsWith('.flac')) continue
    const file = await readFile(join(recordings, name))
    // what is known only at the end: total and MD5
    expect(
      file.subarray(26, 42).some((byte) => byte !== 0),
      name,
    ).toBe(true)
    seconds += file.readUInt32BE(22) / 44_100
  }
  return seconds
}

describe.concurrent('isr as a process', () => {
  it('says its version, and what is wrong with a call', async () => {
    const cwd = await newFolder('usage')
    expect(await isr(cwd, ['--version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      err: '',
    })
    expect(await isr(cwd, ['record'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^isr: .*--demo\n$/),
    })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('%s closes every file and ends with 0', async (signal) => {
    const cwd = await newFolder(signal)
    const { code, out } = await isr(cwd, [...DEMO, 'out'], [[1500, signal]])
    expect(code).toBe(0)
    expect(out).toContain(`${signal}: closing every file`)
    expect(await readFile(join(cwd, 'recorder.log'), 'utf8')).toBe(out)
    expect(await recordedSeconds(join(cwd, 'out'))).toBeGreaterThan(1)
  })

  it('goes on without a terminal at SIGHUP, and when nobody reads its lines', async () => {
    const cwd = await newFolder('hangup')
    const { code, out } = await isr(cwd, [...DEMO, 'out', '--duration', '2.5'], [[1000, 'SIGHUP']])
    expect(code).toBe(0)
    expect(out).toContain('of audio')
    const reader = spawn(
      'sh',
      ['-c', '"$0" "$@" --json --duration 2.5 2>log | head -1', process.execPath, script, ...DEMO, 'unread'],
      { cwd },
    )
    await once(reader, 'close')
    expect(await recordedSeconds(join(cwd, 'unread'))).toBeGreaterThan(1)
    expect(await readFile(join(cwd, 'log'), 'utf8')).toContain('of audio')
  })
})

describeWithTools(['python3'], 'isr on a terminal', () => {
  async function onTerminal(
    cwd: string,
    actions: unknown,
    args: readonly string[],
  ): Promise<{ status: number; text: string }> {
    const command = [terminal, JSON.stringify(actions), process.execPath, script, ...args]
    const { stdout } = await promisify(execFile)('python3', command, { cwd, maxBuffer: 1 << 26 })
    return JSON.parse(stdout) as { status: number; text: string }
  }

  it.concurrent('shows a table, and stops at Ctrl+C', async () => {
    const cwd = await newFolder('table')
    const { status, text } = await onTerminal(cwd, [[2, { keys: '\u0003' }]], [...DEMO, 'out'])
    expect(status).toBe(0)
    expect(text).toMatch(/Source.*State.*File.*Elapsed.*Rate.*Bytes/)
    expect(text).toMatch(/demo .*recording.*\.flac/)
    expect(await recordedSeconds(join(cwd, 'out'))).toBeGreaterThan(1)
  })

  it.concurrent('records on while the terminal stands still', async () => {
    const cwd = await newFolder('still')
    // Ctrl+S amid the first files, and Ctrl+Q when there are five: a program that waits for its terminal would begin none meanwhile.
    const enough = join(cwd, 'enough')
    const actions = [
      [0.3, { keys: '\u0013' }],
      [enough, { keys: '\u0011' }],
    ]
    const ended = onTerminal(cwd, actions, [...DEMO, 'out', '--split-minutes', '0.02', '--duration', '7'])
    const files = async () => (await readdir(join(cwd, 'out')).catch(() => [])).filter((name) => name.endsWith('.flac'))
    await waitUntil('five files', async () => (await files()).length >= 5, 30_000)
    await writeFile(enough, '')
    const { status, text } = await ended
    expect(status).toBe(0)
    expect(text).toContain('of audio')
    expect(await recordedSeconds(join(cwd, 'out'))).toBeGreaterThan(5)
  })

  it.concurrent('closes every file when its terminal is closed', async () => {
    const cwd = await newFolder('closed')
    const { status } = await onTerminal(cwd, [[2, 'hang up']], [...DEMO, 'out'])
    expect(status).toBe(-1)
    expect(await recordedSeconds(join(cwd, 'out'))).toBeGreaterThan(1)
  })
})
