import { connect } from 'node:net'
import { once } from 'node:events'

import { describe, expect, it } from 'vitest'

import { FaultServer } from '../../src/testing/index.js'

/** A raw client: sends text, gives all it gets and how it ended. */
async function talk(server: FaultServer, text: string): Promise<{ got: string; error?: string }> {
  const socket = connect(server.port, '127.0.0.1')
  let got = ''
  let error: string | undefined
  socket.on('data', (bytes) => (got += bytes.toString('latin1')))
  socket.on('error', (caught: NodeJS.ErrnoException) => (error = caught.code))
  socket.write(text)
  await once(socket, 'close').catch(() => new Promise((resolve) => socket.once('close', resolve)))
  return { got, ...(error ? { error } : {}) }
}

const GET = 'GET /live?x=1 HTTP/1.1\r\nHost: h\r\nX-Odd:  a: b \r\n\r\n'

describe('FaultServer', () => {
  it('says exactly what the script says, and remembers request and body', async () => {
    await using server = await FaultServer.start(async (connection) => {
      await connection.respond({ 'Content-Type': 'audio/mpeg' }, 'ICY 200 OK')
      await connection.write('\xff\xfbabc')
      await connection.write(Uint8Array.of(1, 2))
      await connection.end()
    })
    const { got } = await talk(server, GET)
    expect(got).toBe('ICY 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n\xff\xfbabc\x01\x02')
    const [connection] = server.connections
    expect(connection.request).toMatchObject({
      method: 'GET',
      path: '/live?x=1',
      headers: { host: 'h', 'x-odd': 'a: b' },
    })
    expect(Buffer.from(connection.sentBody).toString('latin1')).toBe('\xff\xfbabc\x01\x02')
    expect(connection.sentBytes).toBe(got.length)
    await server.whenIdle()
    expect(server.openConnections).toBe(0)
    expect(await connection.write('more')).toBe(false)
  })

  it('resets', async () => {
    await using server = await FaultServer.start((connection) => connection.reset())
    expect((await talk(server, GET)).error).toBe('ECONNRESET')
  })

  it('gives each connection its script, later ones the last', async () => {
    await using server = await FaultServer.start([
      (connection) => connection.write('first').then(() => connection.end()),
      (connection) => connection.write('later').then(() => connection.end()),
    ])
    const got = [await talk(server, GET), await talk(server, GET), await talk(server, GET)].map((answer) => answer.got)
    expect(got).toEqual(['first', 'later', 'later'])
    server.script = (connection) => connection.write('new').then(() => connection.end())
    expect((await talk(server, GET)).got).toBe('new')
  })

  it('answers before any request when told so', async () => {
    await using server = await FaultServer.start(
      (connection) => connection.write('hello').then(() => connection.end()),
      {
        answer: 'connect',
      },
    )
    expect((await talk(server, '')).got).toBe('hello')
    expect(() => server.connections[0].request).toThrow('has not arrived')
  })

  it('refuses and listens again at the same port, while open connections go on', async () => {
    await using server = await FaultServer.start((connection) => connection.write('x'))
    const socket = connect(server.port, '127.0.0.1')
    socket.write(GET)
    await once(socket, 'data')
    const { port } = server
    server.refuse()
    expect((await talk(server, GET)).error).toBe('ECONNREFUSED')
    expect(server.openConnections).toBe(1)
    await server.listen()
    expect(server.port).toBe(port)
    socket.destroy()
    await server.connections[0].closed
  })

  it('keeps what scripts throw, and resets their connection', async () => {
    await using server = await FaultServer.start(() => {
      throw new Error('oops')
    })
    expect((await talk(server, GET)).error).toBe('ECONNRESET')
    expect(server.scriptErrors).toMatchObject([{ message: 'oops' }])
  })

  it('does not count what a client did not take', async () => {
    await using server = await FaultServer.start(async (connection) => {
      while (await connection.write(new Uint8Array(100_000)));
    })
    const socket = connect(server.port, '127.0.0.1')
    socket.pause()
    socket.write(GET)
    const connection = await server.connection(0)
    await connection.pause(200)
    const stuck = connection.sentBytes
    await connection.pause(100)
    expect(connection.sentBytes).toBe(stuck)
    socket.destroy()
    await connection.closed
    expect(connection.sentBody.length).toBe(connection.sentBytes)
  })

  it('streams on a steady timeline until the client goes', async () => {
    await using server = await FaultServer.start((connection) =>
      connection.stream(['a', 'b', 'c'], 20).then(() => connection.end()),
    )
    const startedAt = performance.now()
    expect((await talk(server, GET)).got).toBe('abc')
    expect(performance.now() - startedAt).toBeGreaterThan(50)
  })
})
