import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../../src/routes/index.js'
import { rawRequest, talk } from './support/raw.js'
import { attack, startRoom, type Attack, type Room } from './support/room.js'

const recording = '/api/files/garden/20260601_120000.wav'
const json = { 'content-type': 'application/json' }

describe('hostile requests', () => {
  let room: Room
  let before: string[]
  beforeAll(async () => {
    room = await startRoom({ allowedHosts: ['shed.lan'], requestTimeoutMs: 1000 })
    before = room.tree()
  })
  afterAll(async () => {
    // whatever was asked for here: nothing was removed, and nothing made
    expect(room.tree()).toEqual(before)
    await room.close()
  })

  it('with methods that are not taken are told which are', async () => {
    const paths = endpoints.map(({ path }) => path.replace('*name', 'garden/x.wav'))
    const methods = [
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'TRACE',
      'PROPFIND',
      'MKCOL',
      'COPY',
      'MOVE',
      'LOCK',
      'LINK',
      'PURGE',
      'REPORT',
      'SEARCH',
    ]
    const taken = (path: string, method: string) =>
      endpoints.some((one) => one.path.replace('*name', 'garden/x.wav') === path && one.method === method.toLowerCase())
    const attacks = [...new Set(paths)].flatMap((path) =>
      methods.filter((method) => !taken(path, method)).map((method): Attack => ({ path, method, allowed: [405] })),
    )
    expect(attacks.length).toBeGreaterThan(150)
    expect(await attack(room, attacks)).toEqual([])
    expect((await room.ask('/api/files', {}, 'PUT')).headers.allow).toBe('GET, HEAD, OPTIONS')
    const options = await room.ask(recording, {}, 'OPTIONS')
    expect([options.status, options.headers.allow]).toEqual([204, 'DELETE, OPTIONS'])
    expect(options.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('that name another method in a header, a query or a body change nothing', async () => {
    const headers = ['x-http-method-override', 'x-http-method', 'x-method-override']
    const attacks = [
      ...headers.flatMap((name) => ['GET', 'POST'].map((method) => ({ method, headers: { [name]: 'DELETE' } }))),
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '_method=DELETE' },
    ]
    expect(
      await attack(
        room,
        attacks.map((one) => ({ ...one, path: recording, allowed: [405] })),
      ),
    ).toEqual([])
    expect(await attack(room, [{ path: `${recording}?_method=DELETE`, method: 'POST', allowed: [405] }])).toEqual([])
  })

  it('of other pages change nothing', async () => {
    const own = `http://127.0.0.1:${room.port}`
    const origins = [
      'null',
      'http://evil.example',
      `https://127.0.0.1:${room.port}`.replace('127', '128'),
      `${own}.evil.example`,
      'http://127.0.0.1:1',
      'http://localhost',
      `http://evil@127.0.0.1:1`,
      'file://',
      'chrome-extension://abc',
      'data:',
      '',
      ' ',
      'x'.repeat(4000),
      `${own}, http://evil.example`,
    ]
    const sites = ['cross-site', 'same-site', 'CROSS-SITE', 'x', '', 'same-origin, cross-site']
    const headers = [...origins.map((origin) => ({ origin })), ...sites.map((site) => ({ 'sec-fetch-site': site }))]
    const attacks = headers.flatMap((one): Attack[] => [
      { path: recording, method: 'DELETE', headers: one, allowed: [403] },
      { path: '/api/undo', method: 'POST', headers: { ...json, ...one }, body: '{"undo":"x"}', allowed: [403] },
      { path: '/login', method: 'POST', headers: { ...json, ...one }, body: '{"token":"x"}', allowed: [403] },
    ])
    expect(await attack(room, attacks)).toEqual([])
  })

  it('under names that are not ours are not answered', async () => {
    const hosts = [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      'evil.example:80',
      'shed.lan.evil',
      'xshed.lan',
      'shed.lan@evil.example',
      'evil.example#shed.lan',
      'evil.example/shed.lan',
      '127.0.0.1:99999999',
      '[::1',
      '[evil]',
      '2130706433.evil',
      'localhost localhost',
      'a,b',
      '..',
      'http://127.0.0.1',
      '_',
      '-',
      'x'.repeat(5000),
    ]
    const attacks = hosts.flatMap((host): Attack[] => [
      { path: '/api/files', headers: { host }, allowed: [400, 421] },
      { path: '/stream/garden/20260601_120000.wav', headers: { host }, allowed: [400, 421] },
      { path: '/healthz', headers: { host, 'x-forwarded-host': 'shed.lan' }, allowed: [400, 421] },
      {
        path: recording,
        method: 'DELETE',
        headers: { host, origin: `http://${host.slice(0, 50)}` },
        allowed: [400, 403, 421],
      },
    ])
    expect(await attack(room, attacks)).toEqual([])
    const { statuses } = await talk(room.port, 'GET /api/files HTTP/1.1\r\nConnection: close\r\n\r\n')
    expect(statuses).toEqual([400])
    const two = await talk(room.port, rawRequest('GET /api/files', ['Host: evil.example']))
    expect(two.statuses).toEqual([400])
  })

  it('cannot put headers or a second request into anything', async () => {
    const pieces = [
      '%0d%0aX-Injected:%20yes',
      '%0aX-Injected:yes',
      '%0d%0a%0d%0a<script>',
      '%E5%98%8A%E5%98%8DX-Injected:yes',
      '%00X-Injected:yes',
      '%c0%8dX-Injected:yes',
    ]
    const attacks = pieces.flatMap((piece): Attack[] => [
      { path: `/stream/x${piece}.wav`, allowed: [400, 404] },
      { path: `/api/files?q=${piece}`, allowed: [200] },
      { path: `/live/${piece}`, allowed: [400, 404] },
      { path: `/login${piece}`, allowed: [404] },
      { path: `/${piece}`, headers: { 'sec-fetch-mode': 'navigate' }, allowed: [400, 404] },
      { path: `/api/export?source=${piece}&from=2026-06-01&to=2026-06-02`, allowed: [404] },
    ])
    expect(await attack(room, attacks)).toEqual([])
  })

  it('with broken, huge, deep or wrong bodies are refused', async () => {
    const bodies = [
      '',
      ' ',
      '{',
      '}',
      '{"undo"',
      '{"undo":}',
      '{undo:"x"}',
      'null',
      '"x"',
      '7',
      '[]',
      '[[[[',
      '{"undo":null}',
      '{"undo":7}',
      '{"undo":{}}',
      '{"undo":["x"]}',
      `{"undo":"${'x'.repeat(101)}"}`,
      '{"__proto__":{"undo":"x"}}',
      '{"constructor":{"prototype":{"undo":"x"}}}',
      '\ufeff{',
      '{"undo":"\\ud800"',
      '\u0000',
      `${'['.repeat(40_000)}`,
      `${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}`,
      `{"undo":"x","undo":7}`,
    ]
    const types = [
      'application/json',
      'application/json; charset=utf-8',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'x',
      '',
    ]
    const attacks: Attack[] = [
      ...bodies.map((body) => ({ body, headers: json })),
      ...types.map((type) => ({ body: '{"undo":', headers: { 'content-type': type } })),
    ].map((one) => ({ ...one, path: '/api/undo', method: 'POST', allowed: [400] }))
    const special: Attack[] = [
      { body: `{"undo":"${'x'.repeat(200_000)}"}`, headers: json, allowed: [413] },
      { body: '{"undo":"x"}', headers: { 'content-type': 'application/json; charset=x-none' }, allowed: [415] },
      { body: '{"undo":"x"}', headers: { ...json, 'content-encoding': 'x-none' }, allowed: [415] },
      { body: 'this is not gzip', headers: { ...json, 'content-encoding': 'gzip' }, allowed: [400] },
      { body: '{"undo":"__proto__"}', headers: json, allowed: [410] },
      { body: '{"undo":"../../etc/passwd"}', headers: json, allowed: [410] },
      {
        body: `x=${'y'.repeat(20_000)}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        allowed: [413],
      },
      {
        body: 'a=1&'.repeat(1100),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        allowed: [400, 413],
      },
    ].map((one) => ({ ...one, path: '/api/undo', method: 'POST' }))
    expect(await attack(room, [...attacks, ...special])).toEqual([])
  })

  it('that are no HTTP are answered in JSON, and the connection ends', async () => {
    const raws: readonly (readonly [string, readonly number[]])[] = [
      ['GET\r\n\r\n', [400]],
      ['GET / HTTP/9.9\r\n\r\n', [400]],
      ['get / http/1.1\r\n\r\n', [400]],
      ['FOO / HTTP/1.1\r\n\r\n', [400]],
      ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
      ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 405, 505]],
      [rawRequest('GET /', ['X: a\rb']), [400]],
      [rawRequest('GET /', ['X\0: a']), [400]],
      [rawRequest('GET /', [' X: a']), [400]],
      [rawRequest('GET /', ['X : a']), [400]],
      [rawRequest('GET /', [': a']), [400]],
      [rawRequest('GET /', [`X: ${'a'.repeat(20_000)}`]), [431]],
      [
        rawRequest(
          'GET /',
          Array.from({ length: 3000 }, (_, at) => `X-${at}: aaaa`),
        ),
        [431],
      ],
      [rawRequest(`GET /${'a'.repeat(20_000)}`), [431]],
      [rawRequest('POST /api/undo', ['Content-Length: x']), [400]],
      [rawRequest('POST /api/undo', ['Content-Length: -1']), [400]],
      [rawRequest('POST /api/undo', ['Content-Length: 1', 'Content-Length: 2']), [400]],
      [rawRequest('POST /api/undo', ['Content-Length: 99999999999999999999999']), [400]],
      [rawRequest('POST /api/undo', ['Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), [400]],
      [rawRequest('POST /api/undo', ['Transfer-Encoding: x, chunked', 'Content-Length: 3'], '0\r\n\r\n'), [400]],
      [rawRequest('POST /api/undo', ['Content-Type: application/json', 'Transfer-Encoding: chunked'], 'zz\r\n'), [400]],
      [rawRequest('GET /api/config', ['Expect: miracles']), [417]],
      ['CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', [405]],
    ]
    for (const [bytes, allowed] of raws) {
      const { statuses, text } = await talk(room.port, bytes)
      expect([bytes.slice(0, 60), statuses.length, allowed.includes(statuses[0])]).toEqual([
        bytes.slice(0, 60),
        1,
        true,
      ])
      expect(text).toMatch(/\r\nContent-Type: application\/json[^]*"error":\{"code":"HTTP_/)
      expect(text).not.toMatch(/ {4}at |node:|HPE_/)
    }
    const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13']
    const asked = rawRequest('GET /api/config', upgrade).replace('Connection: close', 'Connection: upgrade, close')
    expect((await talk(room.port, asked)).statuses).toEqual([200])
  })
})
