/** Playlists that lead to streams, over real sockets. */
import { gzipSync } from 'node:zlib'

import { afterEach, describe, expect, it } from 'vitest'

import { FakeClock, FaultServer } from '../../../src/testing/index.js'
import type { FaultConnection } from '../../../src/testing/index.js'
import { drain, open, payload, refused, sameBytes, until } from './support.js'

const AUDIO = payload(5000)
const servers: FaultServer[] = []

/** What stands at a path: a document with its type, or a script. */
type Page = readonly [contentType: string, body: string | Uint8Array] | ((connection: FaultConnection) => unknown)

async function site(pages: Readonly<Record<string, Page>>): Promise<FaultServer> {
  const server = await FaultServer.start(async (connection) => {
    const page = pages[connection.request.path]
    if (page === undefined) await connection.respond({}, 'HTTP/1.0 404 Not Found')
    else if (typeof page === 'function') return void (await page(connection))
    else {
      await connection.respond({ 'content-type': page[0] })
      await connection.write(page[1])
    }
    await connection.end()
  })
  servers.push(server)
  return server
}

const LIVE: Page = ['audio/mpeg', AUDIO]
const paths = (server: FaultServer) => server.connections.map((connection) => connection.request.path)

async function expectAudio(url: string): Promise<void> {
  const { bytes, error } = await drain(await open({ url }))
  expect(error).toBeUndefined()
  expect(sameBytes(bytes, AUDIO)).toBe('same')
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    await server.whenIdle()
    expect(server.scriptErrors).toEqual([])
    await server.close()
  }
})

describe('kinds', () => {
  const xspf =
    '<?xml version="1.0"?><playlist xmlns="http://xspf.org/ns/0/"><trackList><track><location>/live?a=1&amp;b=2</location></track></trackList></playlist>'
  const DOCUMENTS: Readonly<Record<string, readonly [path: string, contentType: string, body: string]>> = {
    'm3u by extension': ['/x.m3u', 'text/plain', '/live?a=1&b=2\r\n'],
    'm3u8 by extension': ['/x.m3u8', '', '\ufeff#EXTM3U\n#EXTINF:-1,Radio\n/live?a=1&b=2\n'],
    'pls by extension': ['/x.pls', 'application/octet-stream', '[playlist]\nNumberOfEntries=1\nFile1=/live?a=1&b=2\n'],
    'xspf by extension': ['/x.xspf', 'text/xml', xspf],
    'm3u by type': ['/listen', 'audio/x-mpegurl; charset=utf-8', '/live?a=1&b=2'],
    'pls by type': ['/listen', 'audio/x-scpls', '[playlist]\nFile1=/live?a=1&b=2\n'],
    'xspf by type': ['/listen', 'application/xspf+xml', xspf],
    'm3u by content': ['/listen', 'text/html', '#EXTM3U\n/live?a=1&b=2\n'],
    'pls by content': ['/listen', 'application/octet-stream', '\n[Playlist]\nFile1=/live?a=1&b=2\n'],
    'xspf by content': ['/listen', '', xspf],
  }
  for (const [name, [path, type, body]] of Object.entries(DOCUMENTS)) {
    it(`follows ${name}`, async () => {
      const server = await site({ [path]: [type, Buffer.from(body).toString('latin1')], '/live?a=1&b=2': LIVE })
      await expectAudio(server.url.slice(0, -1) + path)
      expect(paths(server)).toEqual([path, '/live?a=1&b=2'])
    })
  }

  it('follows an address alone, without any sign that it is a playlist', async () => {
    const server = await site({ '/live': LIVE })
    const list = await site({ '/listen': ['text/plain', `${server.url}live`] })
    await expectAudio(`${list.url}listen`)
  })

  it('records audio that stands below .m3u, or calls itself a playlist', async () => {
    await expectAudio(`${(await site({ '/live.m3u': LIVE })).url}live.m3u`)
    await expectAudio(`${(await site({ '/live': ['audio/x-mpegurl', AUDIO] })).url}live`)
    await expectAudio(`${(await site({ '/live.pls': ['audio/x-scpls', AUDIO] })).url}live.pls`)
  })

  it('reads a playlist behind a head that undici refuses', async () => {
    const odd = async (connection: FaultConnection) => {
      await connection.write('ICY 200 OK\nX Odd: \x01\nContent-Type: audio/x-scpls\n\n[playlist]\nFile1=/live\n')
      await connection.end()
    }
    await expectAudio(`${(await site({ '/x.pls': odd, '/live': LIVE })).url}x.pls`)
  })

  it('reads a playlist that is packed unasked', async () => {
    const packed = async (connection: FaultConnection) => {
      await connection.respond({ 'content-encoding': 'gzip', 'content-type': 'audio/x-mpegurl' })
      await connection.write(gzipSync('/live\n'))
      await connection.end()
    }
    await expectAudio(`${(await site({ '/x.m3u': packed, '/live': LIVE })).url}x.m3u`)
    await expectAudio(`${(await site({ '/x': packed, '/live': LIVE })).url}x`)
  })

  it('names HLS instead of recording its text', async () => {
    const hls = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-STREAM-INF:BANDWIDTH=128000\nlow.m3u8\n'
    const server = await site({ '/x.m3u8': ['application/vnd.apple.mpegurl', hls], '/y': ['text/plain', hls] })
    for (const path of ['x.m3u8', 'y']) {
      const error = await refused({ url: server.url + path })
      expect(error.code).toBe('ISR_FORMAT_UNKNOWN')
      expect(error.message).toContain('HLS')
    }
  })
})

describe('entries', () => {
  it('are tried in order', async () => {
    const server = await site({ '/x.pls': ['', '[playlist]\nFile2=/b\nFile10=/c\nFile1=/a\n'], '/c': LIVE })
    await expectAudio(`${server.url}x.pls`)
    expect(paths(server)).toEqual(['/x.pls', '/a', '/b', '/c'])
  })

  it('tell the error of the first one when all fail', async () => {
    const denied = (connection: FaultConnection) =>
      connection.respond({}, 'HTTP/1.0 403 No').then(() => connection.end())
    const server = await site({ '/x.m3u': ['', '/a\n/b\n'], '/a': denied })
    expect((await refused({ url: `${server.url}x.m3u` })).code).toBe('ISR_SOURCE_UNAUTHORIZED')
  })

  it('of other schemes are passed over, hostile or not', async () => {
    const hostile = [
      'file:///etc/passwd',
      'javascript:alert(1)',
      'C:\\music\\a.mp3',
      'rtsp://127.0.0.1/x',
      'http://',
      'data:,x',
    ]
    const server = await site({ '/x.m3u': ['', `${hostile.join('\n')}\n/live\n`], '/live': LIVE })
    await expectAudio(`${server.url}x.m3u`)
    expect(paths(server)).toEqual(['/x.m3u', '/live'])
    const none = await site({ '/x.m3u': ['', hostile.join('\n')] })
    expect((await refused({ url: `${none.url}x.m3u` })).code).toBe('ISR_SOURCE_REFUSED')
  })

  it('lead through redirects, and playlists in playlists three deep, no deeper', async () => {
    const server = await site({
      '/0.m3u': ['', '1.pls'],
      '/1.pls': (connection) =>
        connection.respond({ location: '/moved/2.xspf' }, 'HTTP/1.1 302 Found').then(() => connection.end()),
      '/moved/2.xspf': ['', '<playlist><trackList><track><location>../live</location></track></trackList></playlist>'],
      '/live': LIVE,
      '/deep.m3u': ['', '/0.m3u'],
      '/deeper.m3u': ['', '/deep.m3u'],
    })
    await expectAudio(`${server.url}deep.m3u`)
    const error = await refused({ url: `${server.url}deeper.m3u` })
    expect(error).toMatchObject({ code: 'ISR_SOURCE_REFUSED', source: 'test' })
    expect(error.message).toContain('nested')
  })

  it('that loop are tried once', async () => {
    const server = await site({ '/a.m3u': ['', '/a.m3u\n/b.m3u\n'], '/b.m3u': ['', '/a.m3u\n/b.m3u\n'] })
    expect((await refused({ url: `${server.url}a.m3u` })).code).toBe('ISR_SOURCE_REFUSED')
    expect(paths(server)).toEqual(['/a.m3u', '/b.m3u'])
  })

  it('by the thousand are not all tried', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `/nothing/${index}`).join('\n')
    const server = await site({ '/x.m3u': ['', many] })
    expect((await refused({ url: `${server.url}x.m3u` })).code).toBe('ISR_SOURCE_NOT_FOUND')
    expect(server.connections.length).toBe(32)
  })

  it('get the credentials only on the same host', async () => {
    const other = await site({ '/live': LIVE })
    const server = await site({ '/x.m3u': ['', `/here\n${other.url}live\n`] })
    await drain(await open({ url: `${server.url}x.m3u`, username: 'user', password: 'pass' }))
    const basic = `Basic ${Buffer.from('user:pass').toString('base64')}`
    expect(server.connections.map((each) => each.request.headers.authorization)).toEqual([basic, basic])
    expect(other.connections[0].request.headers).not.toHaveProperty('authorization')
  })
})

describe('limits', () => {
  const endless = async (connection: FaultConnection) => {
    await connection.respond({ 'content-type': 'audio/x-mpegurl' })
    await connection.write('#EXTM3U\n')
    while (await connection.write('# and so on\n'.repeat(1000)));
  }

  it.each(['x.m3u', 'x'])('refuses a playlist without end at /%s', async (path) => {
    const server = await site({ [`/${path}`]: endless })
    const error = await refused({ url: server.url + path })
    expect(error.code).toBe('ISR_SOURCE_REFUSED')
    expect(error.message).toContain('larger than 256 KB')
  })

  it('refuses a packed bomb', async () => {
    const bomb = async (connection: FaultConnection) => {
      await connection.respond({ 'content-encoding': 'gzip', 'content-type': 'audio/x-mpegurl' })
      await connection.write(gzipSync(Buffer.alloc(50_000_000, '#')))
      await connection.end()
    }
    const server = await site({ '/x.m3u': bomb, '/x': bomb })
    for (const path of ['x.m3u', 'x'])
      expect((await refused({ url: server.url + path })).code).toBe('ISR_SOURCE_REFUSED')
  })

  it('ends a playlist that stops amid its text', async () => {
    const server = await site({
      '/x.m3u': async (connection) => {
        await connection.respond({ 'content-type': 'audio/x-mpegurl' })
        await connection.write('#EXTM3U\n')
        await connection.closed
      },
    })
    const clock = new FakeClock()
    const failed = refused({ url: `${server.url}x.m3u`, headTimeoutMs: 5000 }, undefined, clock)
    await until(() => server.connections[0]?.sentBytes > 0, 'answered')
    await clock.advance(5000)
    expect((await failed).code).toBe('ISR_SOURCE_STALLED')
    expect(clock.pendingTimers).toBe(0)
  })

  it('gives a stream of unknown type away when its first bytes are late', async () => {
    const server = await site({
      '/live': async (connection) => {
        await connection.respond({ 'content-type': 'application/octet-stream' })
        await connection.write(AUDIO.subarray(0, 3))
        await connection.requestArrived()
        await connection.closed
      },
    })
    const clock = new FakeClock()
    const opened = open({ url: `${server.url}live`, headTimeoutMs: 5000 }, undefined, clock)
    await until(() => clock.pendingTimers > 0 && server.connections[0]?.sentBytes > 40, 'waiting for bytes')
    await clock.advance(5000)
    await using connection = await opened
    const first = await connection[Symbol.asyncIterator]().next()
    expect(sameBytes(first.value!.bytes, AUDIO.subarray(0, 3))).toBe('same')
  })

  it('stops at an abort, in each of its readers', async () => {
    for (const path of ['x.m3u', 'x']) {
      const server = await site({
        [`/${path}`]: async (connection) => {
          await connection.respond({ 'content-type': 'audio/x-mpegurl' })
          await connection.write('#EXTM3U\n')
          await connection.closed
        },
      })
      const controller = new AbortController()
      const failed = refused({ url: server.url + path }, controller.signal)
      await until(() => server.connections[0]?.sentBytes > 0, 'answered')
      controller.abort()
      expect((await failed).code).toBe('ISR_STOPPED')
    }
  })

  it('tells the error status of a playlist', async () => {
    const server = await site({})
    expect((await refused({ url: `${server.url}x.pls` })).code).toBe('ISR_SOURCE_NOT_FOUND')
    expect(paths(server)).toEqual(['/x.pls'])
    server.refuse()
    expect((await refused({ url: `${server.url}x.pls` })).code).toBe('ISR_SOURCE_UNREACHABLE')
  })
})
