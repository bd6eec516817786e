import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Background } from './rig/background.js'
import { describeWithTools } from './rig/require-tool.js'
import { runTool } from './rig/run-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { waitUntil } from './rig/wait-until.js'
import { decodedFrames, faultIn, numberedFrames } from './soundcard/numbered-frames.js'
import { SOUNDCARD_TOOLS, startSoundServer, type SoundServer } from './soundcard/pulseaudio.js'
import { build, startIsr } from './support/isr.js'
import { lawBreaks, readLedger } from './support/ledger-file.js'

const PERIOD_SECONDS = 0.05
/** What the server takes to do what it is told, beyond what pactl takes to tell it. */
const RIG_SECONDS = 0.06
const CARD = 'type = soundcard\ndevice = pulse\nsample_rate = 48000\nanalyze = off\n'
const FORMATS = ['wav', 'flac'] as const

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

/** A moment that is known only so well, in milliseconds since 1970. */
interface Between {
  readonly earliest: number
  readonly latest: number
}

/** Starts a recorder in a folder of its own. */
async function record(config: string, env: NodeJS.ProcessEnv, ...flags: string[]) {
  const cwd = tempDir('isr-soundcard-')
  writeFileSync(join(cwd, 'config.ini'), config)
  const isr = await startIsr(['record', ...flags], { cwd, env })
  const folder = join(cwd, 'recordings')
  const audio = (extension: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(extension))
      .sort()
      .map((name) => join(folder, name))
  const heard = () =>
    waitUntil('audio', () => /recording \S+\.\w+$/m.test(isr.output()) || isr.exitCode() !== undefined)
  return { cwd, folder, isr, audio, heard }
}

/** Stops it, and lets isr verify judge everything. */
async function stopAndVerify(isr: Background, folder: string): Promise<ReturnType<typeof readLedger>> {
  expect(await isr.stop('SIGINT', 30_000), isr.output()).toBe(0)
  const verified = await startIsr(['verify', folder, '--json'])
  expect(await verified.ended, verified.output()).toBe(0)
  const { reports } = JSON.parse(verified.output()) as { reports: { findings: unknown[] }[] }
  expect(reports.flatMap(({ findings }) => findings)).toEqual([])
  const ledger = readLedger(folder)
  expect(lawBreaks(ledger)).toEqual([])
  for (const { name, samples } of ledger.recordings) {
    expect(samples, name).toBeGreaterThan(0)
    expect(statSync(join(folder, name)).size, name).toBeGreaterThan(100)
  }
  return ledger
}

/** Processes of capture programs of one sound server. */
function captures(env: NodeJS.ProcessEnv): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('arecord')) return false
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(env.PULSE_SERVER ?? '?')
      } catch {
        return false
      }
    })
}

describeWithTools([...SOUNDCARD_TOOLS], 'a soundcard, by arecord', () => {
  const servers: SoundServer[] = []
  beforeAll(async () => {
    build()
    servers.push(...(await Promise.all([startSoundServer(), startSoundServer(), startSoundServer()])))
  }, 180_000)
  afterAll(() => Promise.all(servers.map((server) => server.stop())))

  it.concurrent(`gives every sample that was played, over ten splits: ${FORMATS.join(', ')}`, async () => {
    const [server] = servers
    const sections = FORMATS.map((format) => `[${format}]\n${CARD}format = ${format}\n`).join('')
    const { cwd, isr, folder, audio, heard } = await record(`[general]\nsplit_minutes = 0.02\n${sections}`, server.env)
    await heard()
    await pause(0.7)
    const count = 13 * 48_000
    writeFileSync(join(cwd, 'ramp'), numberedFrames(count))
    const player = await server.play(join(cwd, 'ramp'))
    expect(await player.ended, player.output()).toBe(0)
    await pause(0.5)
    const ledger = await stopAndVerify(isr, folder)
    expect(ledger.gaps).toEqual([])
    expect(ledger.runs).toHaveLength(FORMATS.length)
    expect(ledger.discards).toEqual([])
    for (const format of FORMATS) {
      const files = audio(`.${format}`)
      expect(files.length).toBeGreaterThan(10)
      const frames = await Promise.all(files.map(decodedFrames))
      const whole = Uint32Array.from(frames.flatMap((part) => [...part]))
      expect(faultIn(whole, count), format).toBe('')
      expect(whole.length).toBe(
        ledger.recordings.reduce((sum, line) => sum + (line.source === format ? line.samples : 0), 0),
      )
      if (format === 'flac') {
        for (const file of files) {
          const { exitCode, output } = await runTool('flac', ['-s', '-t', file])
          expect({ file, exitCode, output }).toEqual({ file, exitCode: 0, output: '' })
        }
      }
    }
  })

  it.concurrent('that hangs, or is pulled out and plugged in again, leaves gaps of the right length', async () => {
    const server = servers[1]
    const { isr, folder, heard } = await record(`[general]\nmax_retries = 0\n[mic]\n${CARD}`, server.env)
    await heard()
    await pause(1)
    /** Each began and ended while pactl ran: from its start to its end, however long a loaded machine takes. */
    const spans: { readonly from: Between; readonly to: Between }[] = []
    const during = async (act: () => Promise<void>): Promise<Between> => {
      const earliest = Date.now()
      await act()
      return { earliest, latest: Date.now() }
    }
    const absent = async (seconds: number, begin: () => Promise<void>, end: () => Promise<void>) => {
      const from = await during(begin)
      await pause(seconds)
      spans.push({ from, to: await during(end) })
      await waitUntil('the gap', () => isr.output().split('gap of').length > spans.length)
      await pause(1.2)
    }
    await absent(
      1,
      () => server.hang(true),
      () => server.hang(false),
    )
    await absent(
      3.3,
      () => server.hang(true),
      () => server.hang(false),
    )
    await absent(
      2.4,
      () => server.unplug(),
      () => server.plug(),
    )
    const ledger = await stopAndVerify(isr, folder)
    expect(captures(server.env)).toEqual([])
    const gaps = ledger.gaps.map(({ seconds, cause }, index) => {
      const { from, to } = ledger.gaps[index] as unknown as { from: string; to: string }
      return { seconds, cause, from: Date.parse(from), to: Date.parse(to) }
    })
    expect(gaps.map(({ cause }) => cause)).toEqual(['ISR_SOURCE_STALLED', 'ISR_SOURCE_STALLED', 'ISR_SOURCE_RESET'])
    gaps.forEach(({ seconds, from, to }, index) => {
      const span = spans[index]
      const slackMs = 1000 * (PERIOD_SECONDS + RIG_SECONDS)
      // the first one was over before the connection was given up: it is as long as the hang
      if (index === 0) {
        expect(seconds * 1000).toBeGreaterThanOrEqual(span.to.earliest - span.from.latest - slackMs)
        expect(seconds * 1000).toBeLessThanOrEqual(span.to.latest - span.from.earliest + slackMs)
      }
      expect(from).toBeGreaterThanOrEqual(span.from.earliest - slackMs)
      expect(from).toBeLessThanOrEqual(span.from.latest + slackMs)
      expect(to).toBeGreaterThanOrEqual(span.to.earliest - slackMs)
      expect(to).toBeLessThanOrEqual(span.to.latest + 2000)
      expect(seconds).toBeCloseTo((to - from) / 1000, 2)
    })
    expect(ledger.runs).toHaveLength(4)
  })

  it.concurrent('leaves no arecord behind, even when the recorder is killed', async () => {
    const server = servers[2]
    const { isr, heard } = await record(`[mic]\n${CARD}`, server.env)
    await heard()
    expect(captures(server.env)).toHaveLength(1)
    await isr.stop('SIGKILL')
    await waitUntil('the end of arecord', () => captures(server.env).length === 0)
  })

  it.concurrent('that overruns has a gap of just what was lost', async () => {
    const bin = tempDir('isr-arecord-')
    writeFileSync(join(bin, 'arecord'), `#!${process.execPath}\n${OVERRUNNING}`)
    chmodSync(join(bin, 'arecord'), 0o755)
    const { isr, folder, audio } = await record(`[mic]\n${CARD}`, { PATH: `${bin}:${process.env.PATH}` })
    await waitUntil('the gap', () => isr.output().includes('gap of'))
    await pause(1)
    const ledger = await stopAndVerify(isr, folder)
    expect(ledger.gaps).toMatchObject([{ seconds: 0.0314, cause: 'ISR_SOURCE_OVERRUN' }])
    const [before, after] = await Promise.all(audio('.wav').map(decodedFrames))
    expect(before.length).toBe(30 * 2400)
    expect(faultIn(Uint32Array.from([...before, ...after]), before.length + after.length, 0)).toBe('')
  })
})

/** An arecord of 16 bit stereo at 48 kHz that overruns once, after 1.5 s. */
const OVERRUNNING = `
const { writeSync } = require('node:fs')
process.on('SIGTERM', () => process.exit(1))
let frame = 0
const began = performance.now()
const next = (period) => {
  const frames = Uint32Array.from({ length: 2400 }, () => ++frame)
  writeSync(1, Buffer.from(frames.buffer))
  if (period === 30) writeSync(2, 'overrun!!! (at least 31.400 ms long)\\n')
  const lateMs = period >= 30 ? 31.4 : 0
  setTimeout(next, began + 50 * (period + 1) + lateMs - performance.now(), period + 1)
}
setTimeout(next, 50, 1)
`
