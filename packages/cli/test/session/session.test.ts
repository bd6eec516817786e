import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runSession } from '../../src/session/session.js'
import type { SessionOptions } from '../../src/session/session.js'
import { FakeIo, FakeOutput } from '../support/fake-io.js'
import { cause, FakeStation, recording, sourceConfig, status } from '../support/fake-station.js'

const at = Date.UTC(2026, 0, 1)

function begin(options: Partial<SessionOptions> = {}, io = new FakeIo(), names = ['radio', 'nord']) {
  const station = new FakeStation(names)
  const sources = names.map((name) => sourceConfig(name, { username: 'me', password: 'hunter2' }))
  const code = runSession(
    {
      config: { sources, logLevel: 'INFO', logFile: '' },
      problems: [],
      json: false,
      createStation: () => station,
      ...options,
    },
    io,
  )
  return { station, io, code }
}

describe('runSession', () => {
  it('tells a line per event, warnings and errors apart', async () => {
    const { station, io, code } = begin()
    expect(station.started).toBe(true)
    station.emit('recording:open', recording())
    station.emit('gap', { source: 'radio', from: at, to: at + 1000, seconds: 1, cause: cause() })
    station.emit('state', { source: 'radio', from: 'idle', to: 'connecting' })
    station.end()
    expect(await code).toBe(0)
    expect(io.stdout.lines.map((line) => line.slice(20))).toEqual([
      'INFO recording radio, nord',
      'INFO radio: recording 20260101_000000.mp3',
      'INFO 2 recordings, 2:05 of audio, 2.0 MB received, 0 gaps',
    ])
    expect(io.stderr.lines).toEqual([expect.stringMatching(/ WARNING radio: gap of 1\.0 s, /)])
    expect(io.isListening).toBe(false)
  })

  it('tells the warnings of the configuration first', async () => {
    const problem = { file: 'c.ini', line: 3, key: 'keep_days', message: 'not yet', severity: 'warning' } as const
    const { station, io, code } = begin({ problems: [problem] })
    station.end()
    await code
    expect(io.stderr.lines[0]).toMatch(/ WARNING c\.ini:3: warning: keep_days: not yet$/)
  })

  it('stops all sources under one deadline at the first signal, and ends with 0', async () => {
    const { station, io, code } = begin()
    io.signal('SIGTERM')
    expect(await code).toBe(0)
    expect(station.stops).toEqual([{ deadlineMs: 25_000 }])
    expect(io.exits).toEqual([])
    expect(io.stdout.text).toContain('SIGTERM: closing every file; once more ends at once')
  })

  // npm passes the Ctrl+C of a terminal on: the same signal a moment later is not a second one.
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends at once at a second signal: %s is %d', async (signal, exitCode) => {
    const { station, io } = begin()
    station.stopping = 'hangs'
    io.signal('SIGINT')
    await io.clock.advance(199)
    io.signal('SIGINT')
    expect(io.exits).toEqual([])
    await io.clock.advance(1)
    io.signal(signal)
    expect(io.exits).toEqual([exitCode])
  })

  it('ends with 1 and names what did not close in time', async () => {
    const { station, io, code } = begin()
    station.stopping = 'late'
    station.sources = [status('radio', { state: 'stopped' }), status('nord', { state: 'stopping' })]
    io.signal('SIGINT')
    expect(await code).toBe(1)
    expect(io.stderr.lines).toEqual([expect.stringMatching(/ ERROR not closed within 25 s: nord$/)])
  })

  it('stops after the duration, and takes a signal meanwhile for a first one', async () => {
    const { station, io } = begin({ durationSeconds: 90 })
    station.stopping = 'hangs'
    await io.clock.advance(89_999)
    expect(station.stops).toHaveLength(0)
    await io.clock.advance(1)
    expect(station.stops).toHaveLength(1)
    io.signal('SIGINT')
    expect(io.exits).toEqual([])
    expect(io.clock.pendingTimers).toBe(0)
  })

  it('ends with 1 when a source was given up, whatever the others did', async () => {
    const all = begin()
    all.station.failed = ['radio', 'nord']
    all.station.end()
    expect(await all.code).toBe(1)
    const some = begin()
    some.station.failed = ['nord']
    some.station.end()
    expect(await some.code).toBe(1)
    expect(some.io.stderr.lines).toEqual([expect.stringMatching(/ ERROR given up: nord$/)])
  })

  it('ends with 1 when no source ever recorded, though none gave up before the end', async () => {
    const lastError = { at, code: 'ISR_SOURCE_NOT_FOUND', message: 'answered 404' }
    const never = status('radio', { recordings: 0, lastError })
    const all = begin({ durationSeconds: 10 }, new FakeIo(), ['radio'])
    all.station.sources = [never]
    await all.io.clock.advance(10_000)
    expect(await all.code).toBe(1)
    const some = begin({ durationSeconds: 10 })
    some.station.sources = [never, status('nord', { lastError })]
    await some.io.clock.advance(10_000)
    expect(await some.code).toBe(0)
    const tooEarly = begin({}, new FakeIo(), ['radio'])
    tooEarly.station.sources = [status('radio', { recordings: 0 })]
    tooEarly.io.signal('SIGINT')
    expect(await tooEarly.code).toBe(0)
  })

  it.each(['ISR_STORAGE_FULL', 'ISR_PLUGIN_FAILED'] as const)(
    'ends with 1 when a recording was lost: %s',
    async (fault) => {
      const lost = begin()
      lost.station.emit('error', { source: 'radio', error: cause(fault, 'no space') })
      lost.station.end()
      expect(await lost.code).toBe(1)
    },
  )

  it('says one line of trouble for a folder that cannot be written, and the gaps that come of it now and then', async () => {
    const { station, io, code } = begin()
    const denied = cause('ISR_STORAGE_DENIED', 'cannot create a.wav: permission denied')
    const at = Date.UTC(2026, 0, 1)
    for (let attempt = 1; attempt <= 4; attempt++) {
      station.emit('error', { source: 'radio', error: denied })
      station.emit('discard', { source: 'radio', at, bytes: 1000, reason: 'storage' })
      station.emit('run:end', { source: 'radio', run: 'r', at, receivedBytes: 1000, cause: denied })
      station.emit('retry', { source: 'radio', attempt, retryAt: at, cause: denied })
      station.emit('gap', { source: 'radio', from: at, to: at + attempt, seconds: attempt, cause: denied })
    }
    station.end()
    expect(await code).toBe(1)
    expect(io.stderr.lines).toEqual([
      expect.stringMatching(/ ERROR radio: cannot create a\.wav: permission denied \(ISR_STORAGE_DENIED\)$/),
      expect.stringMatching(/ WARNING radio: gap of 1\.0 s/),
      expect.stringMatching(/ ERROR radio: cannot create .*\[again\]$/),
      expect.stringMatching(/ WARNING radio: gap of 4\.0 s.*\[again\]$/),
    ])
    expect(io.stdout.lines).toHaveLength(2)
  })

  it('closes every file when something nobody caught happens, and ends with 1', async () => {
    const { station, io, code } = begin()
    io.fatal(new TypeError('oops'))
    expect(await code).toBe(1)
    expect(station.stops).toHaveLength(1)
    expect(io.stderr.lines).toEqual([expect.stringMatching(/ ERROR a fault in isr itself: TypeError: oops /)])
  })

  it('thins out what repeats', async () => {
    const { station, io, code } = begin()
    for (let attempt = 1; attempt <= 20; attempt++)
      station.emit('retry', { source: 'radio', attempt, retryAt: at + attempt * 5000, cause: cause() })
    station.end()
    await code
    expect(io.stderr.lines).toHaveLength(4)
    expect(io.stderr.lines[3]).toMatch(/answered 404 .*; next attempt at .* \[again\]$/)
  })

  it('gives every event as a JSON line on standard output, and lines for people on standard error', async () => {
    const { station, io, code } = begin({ json: true })
    station.emit('state', { source: 'radio', from: 'idle', to: 'connecting' })
    for (let attempt = 1; attempt <= 3; attempt++)
      station.emit('retry', { source: 'radio', attempt, retryAt: at, cause: cause() })
    station.emit('level', { source: 'radio', at, rmsDb: [-20], peakDb: [-3.5] })
    station.end()
    await code
    expect(io.stdout.lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      ...['state', 'retry', 'retry', 'retry', 'level'],
    ])
    expect(io.stdout.lines.at(-1)).toContain('"rmsDb":[-20],"peakDb":[-3.5]')
    expect(io.stderr.text).toContain('INFO recording radio, nord')
    expect(io.stderr.text).not.toContain('level')
  })

  it('never shows a password', async () => {
    for (const json of [true, false]) {
      const { station, io, code } = begin({ json })
      const error = cause('ISR_SOURCE_FAILED', 'the server said me:hunter2')
      station.emit('warning', { source: 'radio', code: 'x', message: 'hunter2' })
      station.emit('metadata', { source: 'radio', at, values: { title: 'hunter2' } })
      station.emit('error', { source: 'radio', error })
      station.end()
      await code
      expect(io.stdout.text + io.stderr.text).toContain('***')
      expect(io.stdout.text + io.stderr.text).not.toContain('hunter2')
    }
  })

  it('shows a live table on a terminal, and what came of it below', async () => {
    const io = new FakeIo(new FakeOutput({ isTerminal: true, columns: 100 }))
    const { station, code } = begin({}, io)
    await io.clock.advance(0)
    expect(io.stdout.text).toMatch(/isr {2}0:00 {2}2 recording/)
    expect(io.stdout.text).not.toContain('INFO')
    await io.clock.advance(500)
    station.sources = [status('radio'), status('nord', { state: 'waiting' })]
    await io.clock.advance(500)
    expect(io.stdout.text).toContain('1 recording, 1 waiting')
    station.end()
    await code
    expect(io.stdout.lines.at(-1)).toMatch(/INFO 2 recordings/)
    expect(io.clock.pendingTimers).toBe(0)
  })

  it('leaves the terminal to JSON lines, and puts the table beside them', async () => {
    const both = new FakeIo(new FakeOutput({ isTerminal: true }), new FakeOutput({ isTerminal: true }))
    const first = begin({ json: true }, both)
    await both.clock.advance(0)
    first.station.end()
    await first.code
    expect(both.stdout.text).toBe('')
    expect(both.stderr.text).not.toContain('Ctrl+C')
    const piped = new FakeIo(new FakeOutput(), new FakeOutput({ isTerminal: true }))
    const second = begin({ json: true }, piped)
    await piped.clock.advance(0)
    second.station.end()
    await second.code
    expect(piped.stderr.text).toContain('Ctrl+C stops')
  })

  describe('log file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'isr-session-'))
    afterAll(() => rm(folder, { recursive: true }))
    const config = (logFile: string, logLevel: 'INFO' | 'DEBUG' = 'INFO') => ({
      sources: [sourceConfig('radio')],
      logLevel,
      logFile,
    })

    it('holds the same lines, at the level of the configuration', async () => {
      const logFile = join(folder, 'recorder.log')
      const { station, io, code } = begin({ config: config(logFile, 'DEBUG') })
      station.emit('state', { source: 'radio', from: 'idle', to: 'connecting' })
      station.end()
      await code
      expect(await readFile(logFile, 'utf8')).toBe(io.stdout.text)
      expect(io.stdout.text).toContain('DEBUG radio: idle -> connecting')
    })

    it('that cannot be written is a warning, and recording goes on', async () => {
      const { station, io, code } = begin({ config: config(folder) })
      await expect.poll(() => io.stderr.lines.length).toBe(1)
      station.emit('recording:open', recording())
      station.end()
      expect(await code).toBe(0)
      expect(io.stderr.lines).toEqual([expect.stringContaining(`the log file ${folder} cannot be written (EISDIR)`)])
      expect(io.stdout.text).toContain('recording 20260101_000000.mp3')
    })
  })
})
