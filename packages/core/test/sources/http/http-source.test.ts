/** What stations really answer, over real sockets: heads, framings, packings, titles. */
import { networkInterfaces } from 'node:os'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

import { afterEach, describe, expect, it } from 'vitest'

import { FaultServer } from '../../../src/testing/index.js'
import type { FaultConnection } from '../../../src/testing/index.js'
import { drain, open, payload, refused, sameBytes } from './support.js'

const AUDIO = payload(50_000)
const servers: FaultServer[] = []

async function serve(script: (connection: FaultConnection) => unknown): Promise<FaultServer> {
  const server = await FaultServer.start(script)
  servers.push(server)
  return server
}

/** Sends `head` as it stands, then `body`, then ends. */
function answer(head: string, body: Uint8Array | string = AUDIO): Promise<FaultServer> {
  return serve(async (connection) => {
    await connection.write(head)
    await connection.write(body)
    await connection.end()
  })
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    await server.whenIdle()
    expect(server.scriptErrors).toEqual([])
    await server.close()
  }
})

describe('heads', () => {
  const HEADS: Readonly<Record<string, string>> = {
    'HTTP/1.0': 'HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n',
    'HTTP/1.1': 'HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n',
    ICY: 'ICY 200 OK\r\nicy-notice1:<BR>a notice<BR>\r\nContent-Type:audio/mpeg\r\n\r\n',
    'LF only': 'HTTP/1.0 200 OK\nContent-Type: audio/mpeg\n\n',
    'mixed line ends': 'HTTP/1.0 200 OK\r\nServer: x\nContent-Type: audio/mpeg\r\n\n',
    'no reason': 'HTTP/1.1 200\r\nContent-Type: audio/mpeg\r\n\r\n',
    'control characters': 'HTTP/1.0 200 OK\r\nX-\x01Odd: \x00\x07\r\nContent-Type: \x02audio/mpeg\x00\r\n\r\n',
    'a space in a name': 'HTTP/1.0 200 OK\r\nX Odd Name: 1\r\nContent-Type : audio/mpeg\r\n\r\n',
    'lines that are no header': 'HTTP/1.0 200 OK\r\nwelcome to the show\r\nContent-Type: audio/mpeg\r\n\r\n',
    'folded lines': 'HTTP/1.0 200 OK\r\nContent-Type:\r\n audio/mpeg\r\n\r\n',
    'latin1 in a header': 'HTTP/1.0 200 OK\r\nicy-name: Caf\xe9\r\nContent-Type: audio/mpeg\r\n\r\n',
    'parameters and capitals': 'HTTP/1.0 200 OK\r\nCONTENT-TYPE: Audio/MPEG; charset=x\r\n\r\n',
    '100 Continue': 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n',
    '200 KB in one header': `HTTP/1.0 200 OK\r\nX-Big: ${'x'.repeat(200_000)}\r\nContent-Type: audio/mpeg\r\n\r\n`,
    '3000 headers': `HTTP/1.0 200 OK\r\n${'X-Many: value\r\n'.repeat(3000)}Content-Type: audio/mpeg\r\n\r\n`,
    'a length of 0 with a live body': 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\nContent-Type: audio/mpeg\r\n\r\n',
    'an absurd length': 'HTTP/1.0 200 OK\r\nContent-Length: -1\r\nContent-Type: audio/mpeg\r\n\r\n',
    'lengths that contradict':
      'HTTP/1.0 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\nContent-Type: audio/mpeg\r\n\r\n',
  }
  for (const [name, head] of Object.entries(HEADS)) {
    it(`records ${name}`, async () => {
      const server = await answer(head)
      const connection = await open({ url: server.url })
      expect(connection.contentType).toBe('audio/mpeg')
      const { bytes, error } = await drain(connection)
      expect(error).toBeUndefined()
      expect(sameBytes(bytes, AUDIO)).toBe('same')
    })
  }

  it('records a head that comes byte by byte', async () => {
    const head = 'HTTP/1.0 200 OK\r\nContent-Type: audio/aac\r\n\r\n'
    const server = await serve(async (connection) => {
      for (const byte of head) {
        await connection.write(byte)
        await new Promise((resolve) => setImmediate(resolve))
      }
      await connection.write(AUDIO)
      await connection.end()
    })
    const connection = await open({ url: server.url })
    expect(connection.contentType).toBe('audio/aac')
    expect(sameBytes((await drain(connection)).bytes, AUDIO)).toBe('same')
  })

  it('records HTTP/0.9: a body without a head', async () => {
    const server = await answer('')
    const connection = await open({ url: server.url })
    expect(connection.contentType).toBe('')
    expect(sameBytes((await drain(connection)).bytes, AUDIO)).toBe('same')
  })

  it('refuses a head above 256 KB', async () => {
    const server = await serve(async (connection) => {
      await connection.write(`HTTP/1.0 200 OK\r\nX: ${'x'.repeat(300_000)}\r\n\r\n`)
    })
    expect((await refused({ url: server.url })).code).toBe('ISR_SOURCE_PROTOCOL')
  })

  it('refuses what is not HTTP', async () => {
    const server = await answer('SSH-2.0-OpenSSH_9.2\r\n', '')
    expect(await refused({ url: server.url })).toMatchObject({
      code: 'ISR_SOURCE_PROTOCOL',
      source: 'test',
      retryable: true,
    })
  })

  it('tells the station, its server and the address, in the charset the station meant', async () => {
    const utf8 = Buffer.from('Café ☕').toString('latin1')
    const server = await answer(
      `ICY 200 OK\r\nicy-name: ${utf8}\r\nicy-genre: Caf\xe9\r\nicy-description: a\x01\x1b[31mb\r\nServer: Icecast 2.4\r\n\r\n`,
    )
    const connection = await open({ url: `${server.url}live?token=secret1` })
    expect(connection.facts).toEqual({
      station: 'Café ☕',
      genre: 'Café',
      description: 'a [31mb',
      server: 'Icecast 2.4',
      url: `${server.url}live?token=***`,
    })
    await drain(connection)
  })
})

describe('the request', () => {
  it('asks for identity, titles and a connection of its own', async () => {
    const server = await answer('HTTP/1.0 200 OK\r\n\r\n')
    await drain(await open({ url: `${server.url}a%20b/live?x=1&y=%C3%A9#fragment` }))
    const { method, path, headers } = server.connections[0].request
    expect([method, path]).toEqual(['GET', '/a%20b/live?x=1&y=%C3%A9'])
    expect(headers).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      'accept-encoding': 'identity',
      'icy-metadata': '1',
      connection: 'close',
    })
    expect(headers['user-agent']).toMatch(/^isr\/\d+\.\d+\.\d+$/)
    expect(headers).not.toHaveProperty('authorization')
  })

  it('does not ask for titles that nobody wants', async () => {
    const server = await answer('HTTP/1.0 200 OK\r\n\r\n')
    await drain(await open({ url: server.url, titles: false }))
    expect(server.connections[0].request.headers).not.toHaveProperty('icy-metadata')
  })

  const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === '::1'),
  )
  it.runIf(hasIpv6)('names an IPv6 host in brackets', async () => {
    const server = await FaultServer.start(
      async (connection) => {
        await connection.respond()
        await connection.write(AUDIO)
        await connection.end()
      },
      { host: '::1' },
    )
    servers.push(server)
    expect((await drain(await open({ url: server.url }))).bytes.length).toBe(AUDIO.length)
    expect(server.connections[0].request.headers.host).toBe(`[::1]:${server.port}`)
  })
})

describe('framing', () => {
  const chunked = (body: Uint8Array, size = 1000, lineEnd = '\r\n') => {
    const parts: Uint8Array[] = []
    for (let at = 0; at < body.length; at += size) {
      const part = body.subarray(at, at + size)
      parts.push(Buffer.from(`${part.length.toString(16)};ext="x"${lineEnd}`), part, Buffer.from(lineEnd))
    }
    return Buffer.concat(parts)
  }
  const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: audio/mpeg\r\n\r\n'

  it('takes chunked coding off and ends with its last chunk, though the connection stays open', async () => {
    const server = await serve(async (connection) => {
      await connection.write(CHUNKED)
      await connection.write(chunked(AUDIO))
      await connection.write('0\r\n\r\n')
    })
    const { bytes, error } = await drain(await open({ url: server.url }))
    expect(error).toBeUndefined()
    expect(sameBytes(bytes, AUDIO)).toBe('same')
  })

  it('takes chunked coding with LF alone', async () => {
    const server = await answer(CHUNKED, Buffer.concat([chunked(AUDIO, 777, '\n'), Buffer.from('0\n\n')]))
    expect(sameBytes((await drain(await open({ url: server.url }))).bytes, AUDIO)).toBe('same')
  })

  it('believes chunked before a length', async () => {
    const head = CHUNKED.replace('\r\n\r\n', '\r\nContent-Length: 17\r\n\r\n')
    const server = await answer(head, Buffer.concat([chunked(AUDIO), Buffer.from('0\r\n\r\n')]))
    expect(sameBytes((await drain(await open({ url: server.url }))).bytes, AUDIO)).toBe('same')
  })

  it('takes a body that is not chunked at all as it is', async () => {
    const server = await answer(CHUNKED)
    const { bytes, error } = await drain(await open({ url: server.url }))
    expect(error).toBeUndefined()
    expect(sameBytes(bytes, AUDIO)).toBe('same')
  })

  for (const [name, damage] of Object.entries({
    'a truncated chunk': 'ffff\r\nabc',
    'a bad size': 'zz\r\nabc',
    'a size beyond all numbers': 'ffffffffffffffff\r\nabc',
    'no line end behind the data': '3\r\nabcdef\r\n',
    'a missing last chunk': '3\r\nabc\r\n',
  })) {
    it(`gives all that came before ${name}, then ISR_SOURCE_RESET`, async () => {
      const server = await answer(CHUNKED, Buffer.concat([chunked(AUDIO), Buffer.from(damage)]))
      const { bytes, error } = await drain(await open({ url: server.url }))
      expect(sameBytes(bytes.subarray(0, AUDIO.length), AUDIO)).toBe('same')
      expect(error).toMatchObject({ code: 'ISR_SOURCE_RESET', source: 'test' })
    })
  }

  it('ends where a length says, though the connection stays open', async () => {
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-length': String(AUDIO.length), 'content-type': 'audio/mpeg' })
      await connection.write(AUDIO)
    })
    const { bytes, error } = await drain(await open({ url: server.url }))
    expect(error).toBeUndefined()
    expect(sameBytes(bytes, AUDIO)).toBe('same')
  })

  it('tells a body shorter than its length', async () => {
    const server = await answer(`HTTP/1.0 200 OK\r\nContent-Length: ${AUDIO.length + 1}\r\n\r\n`)
    const { bytes, error } = await drain(await open({ url: server.url }))
    expect(sameBytes(bytes, AUDIO)).toBe('same')
    expect(error?.code).toBe('ISR_SOURCE_RESET')
  })
})

describe('packing', () => {
  const packings: Readonly<Record<string, [string, Uint8Array]>> = {
    gzip: ['Content-Encoding: gzip', gzipSync(AUDIO)],
    'x-gzip': ['Content-Encoding: x-gzip', gzipSync(AUDIO)],
    deflate: ['Content-Encoding: deflate', deflateSync(AUDIO)],
    'raw deflate': ['Content-Encoding: deflate', deflateRawSync(AUDIO)],
    'gzip as transfer coding': ['Transfer-Encoding: gzip', gzipSync(AUDIO)],
    'gzip that is a lie': ['Content-Encoding: gzip', AUDIO],
    'deflate that is a lie': ['Content-Encoding: deflate', AUDIO],
    'a coding nobody knows': ['Content-Encoding: utf-8', AUDIO],
  }
  for (const [name, [header, body]] of Object.entries(packings)) {
    it(`records ${name}`, async () => {
      const server = await answer(`HTTP/1.1 200 OK\r\n${header}\r\nContent-Type: audio/mpeg\r\n\r\n`, body)
      const { bytes, error } = await drain(await open({ url: server.url }))
      expect(error).toBeUndefined()
      expect(sameBytes(bytes, AUDIO)).toBe('same')
    })
  }

  it('unpacks live: bytes come out before the body ends', async () => {
    const server = await serve(async (connection) => {
      await connection.write('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: audio/mpeg\r\n\r\n')
      await connection.write(gzipSync(AUDIO).subarray(0, 30_000))
    })
    await using connection = await open({ url: server.url })
    const first = await connection[Symbol.asyncIterator]().next()
    expect(first.done).toBe(false)
    expect(sameBytes(first.value!.bytes, AUDIO.subarray(0, first.value!.bytes.length))).toBe('same')
  })

  it('gives what unpacks before damage, then ISR_SOURCE_RESET', async () => {
    const packed = gzipSync(AUDIO)
    packed.fill(0xff, 30_000)
    const server = await answer('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: audio/mpeg\r\n\r\n', packed)
    const { bytes, error } = await drain(await open({ url: server.url }))
    // The first damaged bytes may unpack to something; what came before is whole.
    expect(bytes.length).toBeGreaterThan(29_900)
    expect(sameBytes(bytes.subarray(0, 29_900), AUDIO.subarray(0, 29_900))).toBe('same')
    expect(error?.code).toBe('ISR_SOURCE_RESET')
  })
})

describe('titles', () => {
  const block = (text: string) => {
    const units = Math.ceil(Buffer.byteLength(text, 'latin1') / 16)
    return Buffer.concat([Buffer.from([units]), Buffer.from(text.padEnd(units * 16, '\0'), 'latin1')])
  }
  const ICY = 'ICY 200 OK\r\nicy-metaint: 8000\r\nContent-Type: audio/mpeg\r\n\r\n'

  it('tells each title with the first byte after its block', async () => {
    const body = Buffer.concat([
      AUDIO.subarray(0, 8000),
      block("StreamTitle='First';StreamUrl='http://a/';"),
      AUDIO.subarray(8000, 16_000),
      block(''),
      AUDIO.subarray(16_000, 24_000),
      block("StreamTitle='First';StreamUrl='http://a/';"),
      AUDIO.subarray(24_000, 32_000),
      block("StreamTitle='It's; \x92second\x92';"),
      AUDIO.subarray(32_000, 40_000),
    ])
    const server = await answer(ICY, body)
    const { bytes, titles, error } = await drain(await open({ url: server.url }))
    expect(error).toBeUndefined()
    expect(sameBytes(bytes, AUDIO.subarray(0, 40_000))).toBe('same')
    expect(titles).toEqual([
      { offset: 8000, title: 'First', url: 'http://a/' },
      { offset: 32_000, title: "It's; ’second’" },
    ])
  })

  it('takes blocks out, but tells none, when titles are not wanted', async () => {
    const body = Buffer.concat([AUDIO.subarray(0, 8000), block("StreamTitle='x';"), AUDIO.subarray(8000, 9000)])
    const server = await answer(ICY, body)
    const { bytes, titles } = await drain(await open({ url: server.url, titles: false }))
    expect(sameBytes(bytes, AUDIO.subarray(0, 9000))).toBe('same')
    expect(titles).toEqual([])
  })

  it('goes on raw, without losing a byte, when there is no metadata in truth', async () => {
    const server = await answer(ICY)
    expect(AUDIO[8000]).not.toBe(0)
    const connection = await open({ url: server.url })
    expect(sameBytes((await drain(connection)).bytes, AUDIO)).toBe('same')
    expect(connection).toMatchObject({ icyLied: true })
  })

  it.each(['true', '0', '-5', 'NaN', '99999999999999'])(
    'takes the body as it is with icy-metaint: %s',
    async (value) => {
      const server = await answer(ICY.replace('8000', value))
      expect(sameBytes((await drain(await open({ url: server.url }))).bytes, AUDIO)).toBe('same')
    },
  )
})
