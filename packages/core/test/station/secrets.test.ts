import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { parseConfig } from '../../src/config/load.js'
import { formatProblem } from '../../src/config/problems.js'
import type { SourceConfig } from '../../src/config/station-config.js'
import { RECORDER_EVENTS } from '../../src/recorder/events.js'
import { FaultServer, type FaultScript } from '../../src/testing/fault-server.js'
import { signalSource, stationOf } from '../support/signal-station.js'

const root = mkdtempSync(join(tmpdir(), 'isr-secrets-'))
afterAll(() => rmSync(root, { recursive: true }))

const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
afterEach(() => expect(unhandled).toEqual([]))

/** In every secret of this test: user, password, query, header and argument. */
const SECRET = 's3cr3t'

/** Silence in MPEG-1 Layer III, 128 kb/s: headers and nothing in them. */
const FRAME = Uint8Array.from({ length: 417 }, (_, at) => [0xff, 0xfb, 0x90, 0xc4][at] ?? 0)
const SECOND = Buffer.concat(Array.from({ length: 38 }, () => FRAME))

const answer =
  (status: string, headers: Readonly<Record<string, string>> = {}, body = ''): FaultScript =>
  async (connection) => {
    await connection.respond({ 'content-type': 'text/plain', connection: 'close', ...headers }, `HTTP/1.1 ${status}`)
    await connection.write(body)
    await connection.end()
  }

/** The ways of a server, by path. */
const ways = (own: () => string): Readonly<Record<string, FaultScript>> => ({
  '/good': async (connection) => {
    await connection.respond({ 'content-type': 'audio/mpeg', 'icy-name': 'Radio' })
    await connection.stream(
      Array.from({ length: 600 }, () => SECOND.subarray(0, 4 * 417)),
      100,
    )
  },
  '/401': answer('401 Unauthorized', { 'www-authenticate': `Basic realm="${SECRET}"` }, SECRET),
  '/404': answer('404 Not Found', {}, SECRET),
  '/503': answer('503 Service Unavailable', { 'retry-after': '0' }),
  '/moved': answer('302 Found', { location: `/404?token=${SECRET}` }),
  '/login': answer('302 Found', { location: own().replace('//', `//user:${SECRET}@`) + '404' }),
  '/file': answer('302 Found', { location: `file:///${SECRET}?${SECRET}#${SECRET}` }),
  '/round': answer('302 Found', { location: `/round?again=${SECRET}` }),
  '/list.m3u': answer('200 OK', { 'content-type': 'audio/x-mpegurl' }, `${own()}404?token=${SECRET}\n`),
  '/hang': () => {},
  '/cut': async (connection) => {
    await connection.respond({ 'content-type': 'audio/mpeg', 'transfer-encoding': 'chunked' }, 'HTTP/1.1 200 OK')
    await connection.write('zz\r\n')
  },
  '/reset': (connection) => connection.reset(),
})

const PATHS = ['401', '404', '503', 'moved', 'login', 'file', 'round', 'list.m3u', 'hang', 'cut', 'reset']

function contentOf(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return `${path}\n${entry.isFile() ? readFileSync(path, 'latin1') : ''}`
    })
    .join('\n')
}

it('no secret is in an event, error, state, file or name, whatever fails', async () => {
  let authorized = 0
  const server: FaultServer = await FaultServer.start((connection) => {
    if ('authorization' in connection.request.headers) authorized++
    return scripts[connection.request.path.replace(/\?.*/, '')]?.(connection)
  })
  const scripts = ways(() => server.url)
  const guarded = (url: string) =>
    `${url.replace('//', `//${SECRET}-user:${SECRET}-password@`)}?token=${SECRET}&${SECRET}#${SECRET}`
  const stream = (name: string, url: string, more: Partial<SourceConfig> = {}) =>
    signalSource(name, join(root, 'recordings'), {
      ...{ type: 'stream', format: 'auto', splitMinutes: 1 / 30, stallTimeoutSeconds: 1, url: guarded(url) },
      filenamePattern: `${name}_%H%M%S`,
      ...more,
    })
  const { port } = server
  const program = `console.error('http://u:${SECRET}@host/?t=${SECRET}'); process.exitCode = 1`
  const command = [process.execPath, '-e', program, SECRET]
  const hooks = {
    error: { url: `http://${SECRET}:${SECRET}@127.0.0.1:1/${SECRET.length}?t=${SECRET}` },
    gap: { command },
    secret: SECRET,
  }
  mkdirSync(join(root, 'recordings'))
  const failing = [
    ...PATHS.map((path) => stream(path.replace('.', '-'), server.url + path, { hooks })),
    stream('tls', `https://127.0.0.1:${port}/good`),
    stream('refused', 'http://127.0.0.1:1/'),
    stream('unknown', 'http://no-such-host.invalid/'),
    stream('keys', `${server.url}401`, { username: `${SECRET}-user`, password: `${SECRET}-password` }),
    stream('mirrored', `${server.url}404`, { mirrors: [guarded(`${server.url}401`), guarded('http://127.0.0.1:1/')] }),
    signalSource('program', join(root, 'recordings'), { type: 'command', command, format: 'auto' }),
    signalSource('missing', join(root, 'recordings'), { type: 'command', command: ['/no/program', SECRET] }),
  ]
  const station = stationOf(stream('good', `${server.url}good`), ...failing)
  const told: string[] = []
  const say = (value: unknown) => void told.push(inspect(value, { depth: 12, showHidden: true, maxStringLength: null }))
  for (const name of RECORDER_EVENTS) station.on(name, (event: unknown) => say([name, event, JSON.stringify(event)]))
  station.start()
  const states = () => Object.fromEntries(station.status.sources.map(({ source, state }) => [source, state]))
  await vi.waitFor(
    () => {
      say(station.status)
      expect(states()).toEqual({
        good: 'recording',
        ...Object.fromEntries(failing.map(({ name }) => [name, 'failed'])),
      })
    },
    { timeout: 40_000, interval: 200 },
  )
  await vi.waitFor(() => expect(contentOf(root)).toContain('status.json'), { timeout: 10_000 })
  told.push(contentOf(root))
  await station.stop()
  say(await station.finished)
  told.push(contentOf(root))
  await server.close()
  const everything = told.join('\n')
  // it was sent where it belongs, so the test means something
  expect(authorized).toBeGreaterThan(PATHS.length)
  for (const { name } of failing) expect(everything, name).toContain(name)
  expect(everything).toMatch(/answered 401/)
  expect(everything).toMatch(/hook-failed/)
  const at = everything.indexOf(SECRET)
  expect(at < 0 ? '' : everything.slice(Math.max(0, at - 600), at + 200)).toBe('')
})

it('no secret is in what is said of a configuration', () => {
  const lines = [
    '[radio]',
    'type = stream',
    `url = http://u:${SECRET}@host:99999/?token=${SECRET}`,
    `mirrors = ftp://u:${SECRET}@host/, http://u:${SECRET}@:/`,
    `password = ${SECRET}`,
    `password = ${SECRET}`,
    `on_error = http://u:${SECRET}@host:99999/`,
    `hook_secret = ${SECRET}`,
  ]
  const { problems } = parseConfig(`${lines.join('\n')}\n`)
  expect(problems.length).toBeGreaterThanOrEqual(3)
  expect(problems.map((problem) => formatProblem(problem)).join('\n')).not.toContain(SECRET)
})
