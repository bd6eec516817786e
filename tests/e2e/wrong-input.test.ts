import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FaultServer, type FaultScript } from '@isr/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Background } from './rig/background.js'
import { CHECKER_TOOLS, checkFiles } from './rig/checkers.js'
import { describeWithTools } from './rig/require-tool.js'
import { tempDir } from './rig/temp-dir.js'
import { startIsr } from './support/isr.js'
import { lawBreaks, longEnough, readLedger } from './support/ledger-file.js'
import { encodeAudio, mp3Programme, onAir } from './support/on-air.js'

const PASSWORD = 'hunter2-in-the-key'
const URL_PASSWORD = 'hunter3-in-the-url'
const SPLIT_SECONDS = 3

/** Each bad source: how it is configured, and what must be said of it. */
const bad = (url: string): Readonly<Record<string, readonly [string, string]>> => ({
  'unknown host': ['url = http://no-such-host.invalid/live', 'no-such-host.invalid: the host name does not resolve'],
  refused: ['url = http://127.0.0.1:1/live', '127.0.0.1:1: the connection is refused'],
  'not found': [`url = ${url}404`, 'answered 404 Not Found'],
  login: [`url = ${url}401\nusername = me\npassword = ${PASSWORD}`, 'answered 401 Unauthorized'],
  'login in url': [`url = ${url.replace('//', `//me:${URL_PASSWORD}@`)}401`, 'answered 401 Unauthorized'],
  page: [`url = ${url}page`, 'the source sends an HTML page, not audio that can be recorded'],
  speex: [`url = ${url}speex`, 'the source sends an Ogg stream with Speex, not audio that can be recorded'],
  transport: [`url = ${url}ts`, 'the source sends an MPEG transport stream, not audio that can be recorded'],
  scheme: [`url = ${url}elsewhere`, 'file:'],
  program: ['type = command\ncommand = no-such-program -x', 'no-such-program cannot be started: not found'],
  file: ['type = file\npath = nothing.mp3', 'nothing.mp3 does not exist'],
  folder: [`url = ${url}good\noutput_directory = a-file`, 'a part of the path is a file, not a folder'],
})

function routes(): Readonly<Record<string, FaultScript>> {
  const say = (status: string, type: string, body: string | Buffer): FaultScript =>
    async function answer(connection) {
      await connection.respond({ 'content-type': type, connection: 'close' }, `HTTP/1.1 ${status}`)
      await connection.write(body)
      await connection.end()
    }
  const html = `<!DOCTYPE html><html><head><title>Radio</title></head><body>${'<p>Listen</p>'.repeat(50)}</body></html>`
  return {
    '/good': onAir(mp3Programme()),
    '/404': say('404 Not Found', 'text/html', html),
    '/401': say('401 Unauthorized', 'text/plain', `no: ${PASSWORD} ${URL_PASSWORD}`),
    '/page': say('200 OK', 'text/html', html),
    '/speex': say('200 OK', 'application/ogg', encodeAudio(4, '-ar 16000 -ac 1 -c:a libspeex -f ogg')),
    '/ts': say('200 OK', 'audio/aac', encodeAudio(4, '-c:a aac -f mpegts')),
    '/elsewhere': async (connection) => {
      await connection.respond({ location: 'file:///etc/passwd' }, 'HTTP/1.1 302 Found')
      await connection.end()
    },
  }
}

describeWithTools(CHECKER_TOOLS, 'many wrong sources and a good one', () => {
  let server: FaultServer
  let sources: ReturnType<typeof bad>

  /** Records for four seconds in a folder of its own. */
  async function record(name: string, ...flags: string[]): Promise<{ output: string; stdout: string; code: number }> {
    const cwd = tempDir(`isr-wrong-${name}-`)
    await writeFile(join(cwd, 'a-file'), 'in the place of a folder')
    const general = `[general]\nsplit_minutes = ${SPLIT_SECONDS / 60}\nmax_retries = 1\nretry_delay_seconds = 0.1\n`
    const sections = Object.entries(sources).map(([title, [keys]]) => `[${title}]\n${keys}\n`)
    await writeFile(join(cwd, 'config.ini'), `${general}[good]\nurl = ${server.url}good\n${sections.join('')}`)
    const stdoutTo = join(cwd, 'stdout')
    const isr = await startIsr(['record', '--duration', '4', ...flags], { cwd, stdoutTo })
    const code = await isr.ended
    const written = (path: string) => readFileSync(join(cwd, path), 'utf8')
    const stdout = written('stdout')
    const everything = stdout + isr.output() + written('recorder.log') + written('recordings/.isr/ledger.jsonl')
    expect(everything).not.toMatch(/hunter[23]/)
    const ledger = readLedger(join(cwd, 'recordings'))
    expect(lawBreaks(ledger)).toEqual([])
    const heard = ledger.recordings.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
    expect(new Set(ledger.recordings.map((line) => line.source))).toEqual(new Set(['good']))
    expect(heard).toBeGreaterThan(1)
    expect(ledger.gaps.filter(({ source }) => source === 'good')).toEqual([])
    expect(await checkFiles(longEnough(ledger).map((file) => join(cwd, 'recordings', file)))).toEqual([])
    return { output: isr.output(), stdout, code }
  }

  beforeAll(async () => {
    const scripts = routes()
    server = await FaultServer.start((connection) => scripts[connection.request.path](connection))
    sources = bad(server.url)
  })
  afterAll(() => server?.close())

  it.concurrent(
    'says in clear lines what is wrong with each, goes on with the good one, and exits with 1',
    async () => {
      const { output, stdout, code } = await record('lines')
      expect(code, output).toBe(1)
      const lines = `${stdout}${output}`.trimEnd().split('\n')
      // nothing but lines of a time, a level and words: no stack, no object
      expect(lines.filter((line) => !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (INFO|WARNING|ERROR) \S/.test(line))).toEqual([])
      for (const [title, [, words]] of Object.entries(sources)) {
        const own = lines.filter((line) => /^\S+ \S+ \w+ (.*)$/.exec(line)?.[1].startsWith(`${title}: `))
        expect(own.filter((line) => line.includes('ERROR') && line.includes(words)).length, title).toBeGreaterThan(0)
        // an attempt, a gap, the end
        const troubles = own.filter((line) => / (WARNING|ERROR) /.test(line))
        expect(troubles.length, troubles.join('\n')).toBeLessThanOrEqual(3)
      }
      expect(lines.at(-1)).toMatch(/ERROR given up: unknown host, refused, /)
      expect(lines.filter((line) => / (WARNING|ERROR) good: /.test(line))).toEqual([])
    },
  )

  it.concurrent('tells the same in JSON: every line of standard output is an event', async () => {
    const { stdout, code } = await record('json', '--json')
    expect(code).toBe(1)
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { time: string; event: string; source: string; error?: { message: string } })
    expect(events.length).toBeGreaterThan(50)
    for (const event of events) {
      expect(Number.isNaN(Date.parse(event.time))).toBe(false)
      expect(event.event).toMatch(/^[a-z]+(:[a-z]+)?$/)
      expect(['good', ...Object.keys(sources)]).toContain(event.source)
    }
    for (const [title, [, words]] of Object.entries(sources)) {
      const errors = events.filter(({ event, source }) => event === 'error' && source === title)
      expect(
        errors.some(({ error }) => error?.message.includes(words)),
        title,
      ).toBe(true)
    }
  })
})

describe('a wrong configuration', () => {
  const cwd = tempDir('isr-config-')

  async function isr(...args: string[]): Promise<Background> {
    const started = await startIsr(args, { cwd })
    await started.ended
    return started
  }

  it.each(['record', 'check-config'])(
    'is refused by %s with every problem and its line, and exit code 2',
    async (command) => {
      const lines: readonly (readonly [string, RegExp?])[] = [
        ['colour = blue', /before the first section/],
        ['[general]'],
        ['split_minutes = often', /split_minutes: "often" is not a number/],
        ['splitminutes = 60', /warning: splitminutes: unknown key.*split_minutes\?/],
        ['[radio]'],
        ['type = stream'],
        ['url = ftp://x/y', /url: "ftp:\/\/x\/y" is not http or https/],
        ['format = midi', /format: "midi" is none of/],
        ['format = mp3', /format: it is set already, on line 8/],
        ['[radio]', /\[radio\]: this section exists already, on line 5/],
        ['[empty]', /type = stream needs a url/],
        ['type = stream'],
        ['a line of nonsense', /no key = value/],
      ]
      await writeFile(join(cwd, 'broken.ini'), lines.map(([line]) => `${line}\n`).join(''))
      const { ended, output } = await isr(command, 'broken.ini')
      expect(await ended, output()).toBe(2)
      const told = output().trimEnd().split('\n')
      lines.forEach(([line, words], index) => {
        const own = told.filter((text) => text.startsWith(`broken.ini:${index + 1}: `))
        if (words) expect(own.join('\n'), line).toMatch(words)
        else expect(own, line).toEqual([])
      })
      expect(
        told.every((line) => /^broken\.ini:\d+: /.test(line)),
        output(),
      ).toBe(true)
    },
  )

  it.concurrent.each([
    [['record'], /^isr: there is no config\.ini here.*--demo\n$/],
    [['record', 'nothing.ini'], /^nothing\.ini: no such file.*\n$/],
    [['record', '.'], /^\.: it is a folder, not a file\n$/],
    [['record', '--demo', '--duration', 'soon'], /^isr: .*soon.*--help\n$/],
    [['record', '--demo', '--bogus'], /^isr: unknown option '--bogus'.*--help\n$/],
    [['record', '--url', 'not a url'], /^--url: it holds white space.*\n$/],
    [['recrod'], /^isr: unknown command 'recrod'.*record.*\n$/],
  ] as const)('%s: one line and exit code 2', async (args, words) => {
    const { ended, output } = await isr(...args)
    expect(await ended, output()).toBe(2)
    expect(output()).toMatch(words)
    expect(output().trimEnd().split('\n').length).toBe(1)
  })
})
