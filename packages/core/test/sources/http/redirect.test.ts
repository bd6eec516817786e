/** Redirects, credentials and refusals over real sockets. */
import { afterEach, describe, expect, it } from 'vitest'

import { FakeClock, FaultServer } from '../../../src/testing/index.js'
import type { FaultConnection, FaultScript } from '../../../src/testing/index.js'
import { drain, open, payload, refused, sameBytes } from './support.js'

const AUDIO = payload(5000)
const servers: FaultServer[] = []

async function serve(script: FaultScript): Promise<FaultServer> {
  const server = await FaultServer.start(script)
  servers.push(server)
  return server
}

async function audio(connection: FaultConnection): Promise<void> {
  await connection.respond({ 'content-type': 'audio/mpeg' })
  await connection.write(AUDIO)
  await connection.end()
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    await server.whenIdle()
    expect(server.scriptErrors).toEqual([])
    await server.close()
  }
})

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('follows %d, relative too', async (status) => {
    const server = await serve((connection) =>
      connection.request.path === '/a/start'
        ? connection.respond({ location: '../b?x=1' }, `HTTP/1.1 ${status} Moved`)
        : audio(connection),
    )
    const connection = await open({ url: `${server.url}a/start` })
    expect(connection.facts!.url).toBe(`${server.url}b?x=***`)
    expect(sameBytes((await drain(connection)).bytes, AUDIO)).toBe('same')
    expect(server.connections.map((each) => each.request.path)).toEqual(['/a/start', '/b?x=1'])
  })

  it('follows five in a row and refuses the sixth', async () => {
    const server = await serve((connection) => {
      const left = Number(connection.request.path.slice(1))
      return left === 0 ? audio(connection) : connection.respond({ location: `/${left - 1}` }, 'HTTP/1.1 302 Found')
    })
    expect((await drain(await open({ url: `${server.url}5` }))).bytes.length).toBe(AUDIO.length)
    const error = await refused({ url: `${server.url}6` })
    expect(error.code).toBe('ISR_SOURCE_REFUSED')
    expect(error.message).toContain('more than 5 times')
  })

  it('ends a loop', async () => {
    const server = await serve((connection) => connection.respond({ location: '/' }, 'HTTP/1.1 302 Found'))
    expect((await refused({ url: server.url })).code).toBe('ISR_SOURCE_REFUSED')
    expect(server.connections.length).toBe(6)
  })

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1/x', 'javascript:alert(1)', 'data:audio/mpeg,x', 'http://', ''])(
    'refuses to go to %j',
    async (location) => {
      const server = await serve((connection) => connection.respond({ location }, 'HTTP/1.1 302 Found'))
      const error = await refused({ url: server.url })
      expect(error).toMatchObject({ code: 'ISR_SOURCE_REFUSED', source: 'test', retryable: true })
      expect(error.message).not.toContain('passwd')
    },
  )

  it('refuses a redirect that does not say where', async () => {
    const server = await serve((connection) => connection.respond({}, 'HTTP/1.1 301 Moved'))
    expect((await refused({ url: server.url })).code).toBe('ISR_SOURCE_REFUSED')
  })
})

describe('credentials', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  it('sends those of the options, of the URL, percent-decoded, options first', async () => {
    const server = await serve(audio)
    const withUser = server.url.replace('http://', 'http://m%C3%A9:p%40ss%3A@')
    await drain(await open({ url: withUser }))
    await drain(await open({ url: server.url, username: 'user', password: 'pass' }))
    await drain(await open({ url: withUser, username: 'user', password: 'pass' }))
    const sent = server.connections.map((connection) => connection.request.headers.authorization)
    expect(sent).toEqual([basic('mé:p@ss:'), basic('user:pass'), basic('user:pass')])
  })

  it('stays on a redirect within the host, and goes to no other host or port', async () => {
    const other = await serve(audio)
    const server = await serve((connection) => {
      if (connection.request.path === '/') return connection.respond({ location: '/next' }, 'HTTP/1.1 302 Found')
      return connection.respond({ location: `${other.url}x` }, 'HTTP/1.1 302 Found')
    })
    await drain(await open({ url: server.url, username: 'user', password: 'pass' }))
    expect(server.connections.map((each) => each.request.headers.authorization)).toEqual([
      basic('user:pass'),
      basic('user:pass'),
    ])
    expect(other.connections[0].request.headers).not.toHaveProperty('authorization')
  })

  it('takes those inside of a redirect for its host', async () => {
    const other = await serve(audio)
    const server = await serve((connection) =>
      connection.respond({ location: other.url.replace('http://', 'http://new:login@') }, 'HTTP/1.1 302 Found'),
    )
    const connection = await open({ url: server.url, username: 'user', password: 'pass' })
    expect(JSON.stringify(connection.facts)).not.toContain('login')
    await drain(connection)
    expect(other.connections[0].request.headers.authorization).toBe(basic('new:login'))
  })

  it('never shows secrets in errors', async () => {
    const answers = [
      'HTTP/1.1 401 no',
      'HTTP/1.1 302 Found',
      'HTTP/1.1 500 x',
      'rubbish\r\nrubbish',
      'HTTP/1.1 100 Continue',
    ]
    for (const line of answers) {
      const server = await serve(async (connection) => {
        await connection.respond({ location: 'ftp://user:hunter2@x/?token=t0ps3cret' }, line)
        await connection.end()
      })
      const url = `${server.url.replace('http://', 'http://user:hunter2@')}live?token=t0ps3cret#hunter2`
      for (const options of [{ url }, { url: url.replace('user:hunter2@', ''), username: 'u', password: 'hunter2' }]) {
        const error = await refused(options)
        expect(error.code).toMatch(/^ISR_SOURCE_/)
        const shown = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`
        expect(shown).not.toMatch(/hunter2|t0ps3cret/)
        expect(shown).not.toContain(Buffer.from('u:hunter2').toString('base64'))
      }
    }
  })
})

describe('refusals', () => {
  it.each([
    [401, 'ISR_SOURCE_UNAUTHORIZED'],
    [403, 'ISR_SOURCE_UNAUTHORIZED'],
    [404, 'ISR_SOURCE_NOT_FOUND'],
    [410, 'ISR_SOURCE_NOT_FOUND'],
    [400, 'ISR_SOURCE_REFUSED'],
    [429, 'ISR_SOURCE_REFUSED'],
    [500, 'ISR_SOURCE_REFUSED'],
    [503, 'ISR_SOURCE_REFUSED'],
    [204, 'ISR_SOURCE_REFUSED'],
    [300, 'ISR_SOURCE_REFUSED'],
    [101, 'ISR_SOURCE_REFUSED'],
  ])('tells %d as %s', async (status, code) => {
    const server = await serve((connection) => connection.respond({}, `HTTP/1.1 ${status} Some\x1b reason`))
    const error = await refused({ url: server.url })
    expect(error).toMatchObject({ code, source: 'test', retryable: true })
    expect(error.message).toBe(`${server.url} answered ${status} Some reason`)
    expect(error.retryAfterMs).toBeUndefined()
  })

  it('tells Retry-After in seconds and as a date on our clock', async () => {
    const clock = new FakeClock(Date.UTC(2026, 10, 22, 12, 0, 0))
    for (const [value, expected] of [
      ['120', 120_000],
      ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ] as const) {
      const server = await serve((connection) => connection.respond({ 'retry-after': value }, 'HTTP/1.1 503 Busy'))
      expect((await refused({ url: server.url }, undefined, clock)).retryAfterMs).toBe(expected)
    }
    expect(clock.pendingTimers).toBe(0)
  })

  it('takes a source table for a missing mount, and ICY 401 Service Unavailable for a station that is down', async () => {
    const lines = ['SOURCETABLE 200 OK', 'ICY 401 Service Unavailable']
    const codes = []
    for (const line of lines) {
      const server = await serve((connection) => connection.respond({}, line))
      codes.push((await refused({ url: server.url })).code)
    }
    expect(codes).toEqual(['ISR_SOURCE_NOT_FOUND', 'ISR_SOURCE_REFUSED'])
  })
})
