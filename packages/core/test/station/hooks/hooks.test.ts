import { createHmac } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HookTargets } from '../../../src/config/station-config.js'
import { SourceError } from '../../../src/errors.js'
import { Hooks } from '../../../src/station/hooks/hooks.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'

interface Taken {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const NAME = '2026/$(touch hacked);"\'`x`\n.mp3'
const gap = (seconds: number) => ({
  ...{ source: 'radio', from: 0, to: seconds * 1000, seconds },
  cause: new SourceError('ISR_SOURCE_RESET', 'it broke'),
})
const closed = { source: 'radio', name: NAME, startedAt: 0, durationSeconds: 1.5 } as never

describe('Hooks', () => {
  let directory: string
  let clock: FakeClock
  let hooks: Hooks[]
  let server: Server
  let url: string
  let status: (count: number) => number | undefined
  let taken: Taken[]
  let warnings: string[]

  const open = (targets: HookTargets, env?: Record<string, string>) => {
    const onWarning = ({ message }: { message: string }) => warnings.push(message)
    const made = new Hooks({ directory, targets: new Map([['radio', targets]]), clock, onWarning, ...(env && { env }) })
    hooks.push(made)
    return made
  }
  const until = (check: () => void, stepMs = 10) =>
    vi.waitFor(
      async () => {
        await clock.advance(stepMs)
        check()
      },
      { timeout: 25_000, interval: 5 },
    )
  const stopped = async (made: Hooks) => {
    let over = false
    void made.finish(AbortSignal.abort()).then(() => {
      over = true
    })
    await until(() => expect(over).toBe(true), 100)
  }
  const pendingFiles = () => {
    const folder = join(directory, '.isr/hooks')
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  }
  const pendingLines = () => pendingFiles().flatMap((path) => readFileSync(path, 'utf8').trim().split('\n'))
  /** A program in the language that is surely here. */
  const script = (text: string): HookTargets['close'] => {
    const path = join(directory, 'hook.mjs')
    writeFileSync(path, text)
    return { command: [process.execPath, path] }
  }

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'isr-hooks-'))
    clock = new FakeClock()
    ;[hooks, taken, warnings] = [[], [], []]
    status = () => 204
    server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => (body += text))
      request.on('end', () => {
        taken.push({ headers: request.headers, body })
        const code = status(taken.length)
        if (code === undefined) return
        response.writeHead(code, code === 302 ? { location: '/elsewhere' } : {}).end('x'.repeat(1000))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  })
  afterEach(async () => {
    for (const made of hooks) await stopped(made)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(directory, { recursive: true, force: true })
  })

  it('posts an event, signed, to an address, with its password in a header', async () => {
    const made = open({ gap: { url: url.replace('//', '//me:p%40ss@') }, secret: 'key' })
    made.tell('recording:close', closed)
    made.tell('gap', { ...gap(1), source: 'other' })
    made.tell('gap', gap(2))
    await until(() => expect(taken).toHaveLength(1))
    const [{ headers, body }] = taken
    expect(JSON.parse(body)).toEqual({
      id: headers['isr-delivery'],
      event: 'gap',
      time: '2026-01-01T00:00:00.000Z',
      source: 'radio',
      from: '1970-01-01T00:00:00.000Z',
      to: '1970-01-01T00:00:02.000Z',
      seconds: 2,
      cause: { code: 'ISR_SOURCE_RESET', message: 'it broke' },
    })
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'isr-event': 'gap',
      'isr-signature': `sha256=${createHmac('sha256', 'key').update(body).digest('hex')}`,
      authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    })
    await stopped(made)
    expect(warnings).toEqual([])
    expect(pendingFiles()).toEqual([])
  })

  it('tries again with the same id until it is taken, and tells of the fault once, without secrets', async () => {
    status = (count) => [500, 302, 404, 200][count - 1] ?? 200
    const made = open({ error: { url: `${url.replace('//', '//me:secret@')}?token=secret` } })
    made.tell('error', { source: 'radio', error: new SourceError('ISR_RETRIES_EXHAUSTED', 'gave up') })
    await until(() => expect(taken).toHaveLength(4), 500)
    expect(new Set(taken.map(({ headers }) => headers['isr-delivery'])).size).toBe(1)
    expect(taken[0].headers['isr-signature']).toBeUndefined()
    await until(() => expect(pendingFiles()).toEqual([]), 500)
    expect(warnings).toEqual([`error could not be told: ${url}?token=*** answers 500; it is tried again for a day`])
  })

  it('gives up after a day, or at once when the receiver is gone for good', async () => {
    status = () => 503
    open({ gap: { url } }).tell('gap', gap(1))
    await until(() => expect(warnings).toHaveLength(2), 1_800_000)
    expect(warnings[1]).toMatch(/answers 503; it was not told$/)
    expect(taken.length).toBeGreaterThan(20)
    status = () => 410
    const { length } = taken
    open({ gap: { url } }).tell('gap', gap(1))
    await until(() => expect(warnings).toHaveLength(3))
    await clock.advance(86_400_000)
    expect(taken).toHaveLength(length + 1)
  })

  it('keeps over a restart what nobody took', async () => {
    server.close()
    const first = open({ gap: { url } })
    first.tell('gap', gap(1))
    first.tell('gap', gap(2))
    await until(() => expect(warnings).toHaveLength(1))
    expect(warnings[0]).toContain('ECONNREFUSED')
    await stopped(first)
    expect(pendingLines()).toHaveLength(2)
    const [path] = pendingFiles()
    writeFileSync(path, `torn{\n{"id":1}\n${readFileSync(path, 'utf8')}`)
    await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), '127.0.0.1', resolve))
    await open({ gap: { url } }).start()
    await until(() => expect(taken.map(({ body }) => JSON.parse(body).seconds).sort()).toEqual([1, 2]))
    await until(() => expect(pendingFiles()).toEqual([]), 500)
  })

  it('keeps what recorders of the same folder cannot tell, that of each', async () => {
    status = () => 503
    const [one, other] = [open({ gap: { url } }), open({ gap: { url } })]
    one.tell('gap', gap(1))
    other.tell('gap', gap(2))
    await until(() => expect(pendingLines()).toHaveLength(4), 100) // each begins with whose it is
    // a third one starts: both run, and theirs stays theirs
    const third = open({ gap: { url } })
    await third.start()
    await stopped(third)
    expect(pendingFiles()).toHaveLength(2)
    await stopped(one)
    await stopped(other)
    expect(pendingLines().map((line) => JSON.parse(line).source as string)).toEqual(['radio', 'radio'])
    status = () => 200
    taken = []
    await open({ gap: { url } }).start()
    await until(() => expect(taken.map(({ body }) => JSON.parse(body).seconds).sort()).toEqual([1, 2]))
    await until(() => expect(pendingFiles()).toEqual([]), 500)
  })

  it('takes what one that was killed has left, and leaves what is for the sources of others, for a day', async () => {
    const folder = join(directory, '.isr/hooks')
    mkdirSync(folder, { recursive: true })
    const line = (source: string, firstAt: number) =>
      JSON.stringify({ id: source + firstAt, source, event: 'gap', firstAt, attempts: 3, body: '{}' })
    const now = clock.now()
    const dead = JSON.stringify({ v: 1, pid: 2 ** 30, host: hostname() })
    const lines = [
      dead,
      line('radio', now),
      line('other', now),
      line('other', now - 90_000_000),
      line('radio', now - 1),
    ]
    writeFileSync(join(folder, '1-killed.jsonl'), `${lines.join('\n')}\n`)
    writeFileSync(join(folder, 'whole.tmp'), 'not ours')
    const made = open({ gap: { url } })
    await made.start()
    await until(() => expect(taken).toHaveLength(2))
    await stopped(made)
    rmSync(join(folder, 'whole.tmp'))
    expect(pendingLines()).toEqual([line('other', now)])
  })

  it('waits for nobody who does not answer, and for no more than a thousand', async () => {
    status = () => undefined
    const made = open({ gap: { url } })
    for (let count = 0; count < 1100; count++) made.tell('gap', gap(count))
    expect(warnings).toEqual([expect.stringContaining('more than 1000 events wait')])
    await until(() => expect(warnings).toHaveLength(2), 1000)
    expect(warnings[1]).toMatch(/does not answer within 15 s/)
    await stopped(made)
    expect(pendingLines()).toHaveLength(1000)
  })

  it('runs a program with the event on its input and in its environment, and no shell in between', async () => {
    const out = join(directory, 'out.json')
    const close = script(`
      import { readFileSync, writeFileSync, renameSync } from 'node:fs'
      const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(ISR|KEPT)/.test(name)))
      writeFileSync(${JSON.stringify(`${out}.tmp`)}, JSON.stringify({ input: readFileSync(0, 'utf8'), env }))
      renameSync(${JSON.stringify(`${out}.tmp`)}, ${JSON.stringify(out)})`)
    const made = open({ close }, { KEPT: 'yes', ISR_TOKEN: 'secret', PATH: process.env.PATH ?? '' })
    made.tell('recording:close', closed)
    await until(() => expect(existsSync(out)).toBe(true))
    const { input, env } = JSON.parse(readFileSync(out, 'utf8')) as { input: string; env: Record<string, string> }
    expect(JSON.parse(input)).toMatchObject({ event: 'recording:close', name: NAME, durationSeconds: 1.5 })
    expect(env).toEqual({
      KEPT: 'yes',
      ISR_DELIVERY: expect.any(String) as string,
      ISR_DURATION_SECONDS: '1.5',
      ISR_EVENT: 'recording:close',
      ISR_NAME: NAME,
      ISR_PATH: join(directory, NAME),
      ISR_SOURCE: 'radio',
      ISR_STARTED_AT: '1970-01-01T00:00:00.000Z',
      ISR_TIME: '2026-01-01T00:00:00.000Z',
    })
    await stopped(made)
    expect(warnings).toEqual([])
  })

  it('says how a program failed, ends one that hangs, and does not try again', async () => {
    const failing = open({ close: script('console.error("no http://me:secret@h/ there"); process.exit(3)') })
    failing.tell('recording:close', closed)
    await until(() => expect(warnings).toHaveLength(1))
    expect(warnings[0]).toMatch(/^recording:close could not be told: node exited with code 3: no http:\/\/h\/ there$/)
    const missing = open({ close: { command: ['/no/such/program', 'secret'] } })
    missing.tell('recording:close', closed)
    await until(() => expect(warnings[1]).toMatch(/program cannot be started \(ENOENT\)$/))
    const hanging = open({ close: script('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)') })
    hanging.tell('recording:close', closed)
    await until(() => expect(warnings[2]).toMatch(/took more than 60 s and was ended$/), 5000)
    expect(warnings).toHaveLength(3)
  })

  it('lets programs of the last moment run when it ends', async () => {
    const out = join(directory, 'last')
    const made = open({
      close: script(`import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(out)}, '')`),
    })
    made.tell('recording:close', closed)
    const over = made.finish(AbortSignal.abort())
    await expect.poll(() => existsSync(out)).toBe(true)
    await clock.advance(100)
    await over
    made.tell('recording:close', closed)
    expect(warnings).toEqual([])
  })
})
