/** Connections that fail, hang, break, or are aborted, in every phase. */
import { createServer } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'

import { systemClock } from '../../../src/time/clock.js'
import { FakeClock, FaultServer } from '../../../src/testing/index.js'
import type { FaultScript, FaultServerOptions } from '../../../src/testing/index.js'
import { drain, open, payload, refused, sameBytes, until } from './support.js'

const AUDIO = payload(200_000)
const servers: FaultServer[] = []

async function serve(script: FaultScript, options?: FaultServerOptions): Promise<FaultServer> {
  const server = await FaultServer.start(script, options)
  servers.push(server)
  return server
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    await server.whenIdle()
    expect(server.scriptErrors).toEqual([])
    await server.close()
  }
})

describe('no connection', () => {
  it('tells a host that does not resolve', async () => {
    const error = await refused({ url: 'http://nowhere.invalid/live' })
    expect(error).toMatchObject({ code: 'ISR_SOURCE_UNREACHABLE', source: 'test', retryable: true })
    expect(error.message).toContain('nowhere.invalid')
  })

  it('tells a refused connection', async () => {
    const server = await serve(() => {})
    server.refuse()
    const error = await refused({ url: server.url })
    expect(error.code).toBe('ISR_SOURCE_UNREACHABLE')
    expect(error.message).toContain('refused')
  })

  it('tells a server that closes or resets before it answers', async () => {
    const closing = await serve((connection) => connection.end())
    expect((await refused({ url: closing.url })).code).toBe('ISR_SOURCE_RESET')
    const resetting = await serve((connection) => connection.reset())
    expect((await refused({ url: resetting.url })).code).toBe('ISR_SOURCE_RESET')
    const half = await serve(async (connection) => {
      await connection.write('HTTP/1.0 200 OK\r\nContent-')
      await connection.end()
    })
    expect((await refused({ url: half.url })).code).toBe('ISR_SOURCE_RESET')
  })
})

describe('stalls while connecting', () => {
  const SILENT: Readonly<Record<string, FaultScript>> = {
    'no answer': () => {},
    'half a head': (connection) => connection.write('HTTP/1.0 200 OK\r\nContent-Type: au'),
    'only interim answers': (connection) => connection.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(3)),
  }
  for (const [name, script] of Object.entries(SILENT)) {
    it(`ends ${name} after headTimeoutMs of the given clock`, async () => {
      const server = await serve(script)
      const clock = new FakeClock()
      const failed = refused({ url: server.url, headTimeoutMs: 7000 }, undefined, clock)
      await (await server.connection(0)).requestArrived()
      await clock.advance(6999)
      expect(server.openConnections).toBe(1)
      await clock.advance(1)
      const error = await failed
      expect(error).toMatchObject({ code: 'ISR_SOURCE_STALLED', source: 'test', retryable: true })
      expect(error.message).toContain('7 s')
      expect(clock.pendingTimers).toBe(0)
    })
  }

  it('ends a head that trickles for ever', async () => {
    const server = await serve(async (connection) => {
      await connection.write('HTTP/1.0 200 OK\r\n')
      while (await connection.write('x')) await connection.pause(2)
    })
    expect((await refused({ url: server.url, headTimeoutMs: 100 })).code).toBe('ISR_SOURCE_STALLED')
  })

  it('ends a TLS handshake that nobody answers', async () => {
    const server = await serve(() => {}, { answer: 'connect' })
    const error = await refused({ url: server.url.replace('http:', 'https:'), headTimeoutMs: 100 })
    expect(error.code).toBe('ISR_SOURCE_STALLED')
  })

  it('leaves no timer behind when all is well', async () => {
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-type': 'audio/mpeg' })
      await connection.write(AUDIO)
      await connection.end()
    })
    const clock = new FakeClock()
    const { bytes, chunks } = await drain(await open({ url: server.url }, undefined, clock))
    expect(sameBytes(bytes, AUDIO)).toBe('same')
    expect(clock.pendingTimers).toBe(0)
    expect(chunks.every((chunk) => chunk.arrivedAtMs === 0)).toBe(true)
  })
})

describe('breaks amid the body', () => {
  it('gives all that arrived before a reset, then ISR_SOURCE_RESET', async () => {
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-type': 'audio/mpeg' })
      await connection.write(AUDIO)
      await connection.pause(50)
      connection.reset()
    })
    const { bytes, error } = await drain(await open({ url: server.url }))
    expect(sameBytes(bytes, AUDIO)).toBe('same')
    expect(error).toMatchObject({ code: 'ISR_SOURCE_RESET', source: 'test' })
  })

  it('gives what arrived before a reset also to a reader that is late', async () => {
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-type': 'audio/mpeg' })
      await connection.write(AUDIO)
      await connection.pause(30)
      connection.reset()
    })
    const connection = await open({ url: server.url })
    await (
      await server.connection(0)
    ).closed
    const { bytes, error } = await drain(connection)
    expect(sameBytes(bytes, AUDIO)).toBe('same')
    expect(error?.code).toBe('ISR_SOURCE_RESET')
  })

  it('ends cleanly where a body without length ends', async () => {
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-type': 'audio/mpeg' })
      await connection.write(AUDIO)
      await connection.end()
    })
    const { bytes, error } = await drain(await open({ url: server.url }))
    expect(error).toBeUndefined()
    expect(sameBytes(bytes, AUDIO)).toBe('same')
  })
})

describe('aborts', () => {
  it('before connecting: opens nothing', async () => {
    const server = await serve(() => {})
    expect(await refused({ url: server.url }, AbortSignal.abort())).toMatchObject({
      code: 'ISR_STOPPED',
      retryable: false,
    })
    expect(server.connections.length).toBe(0)
  })

  it('while the name resolves or the connection is made', async () => {
    const controller = new AbortController()
    const failed = refused({ url: 'http://nowhere.invalid/' }, controller.signal)
    controller.abort()
    expect((await failed).code).toBe('ISR_STOPPED')
  })

  it('while the connection waits in a full backlog', async () => {
    const silent = createServer().listen(0, '127.0.0.1', 1)
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as { port: number }
    const controller = new AbortController()
    const failed = refused({ url: `http://127.0.0.1:${port}/` }, controller.signal)
    setImmediate(() => controller.abort())
    expect((await failed).code).toBe('ISR_STOPPED')
    silent.close()
  })

  it('while the head is awaited, and amid a redirect', async () => {
    const server = await serve((connection) =>
      connection.request.path === '/' ? connection.respond({ location: '/next' }, 'HTTP/1.1 302 Found') : undefined,
    )
    const controller = new AbortController()
    const clock = new FakeClock()
    const failed = refused({ url: server.url }, controller.signal, clock)
    await (await server.connection(1)).requestArrived()
    controller.abort()
    expect((await failed).code).toBe('ISR_STOPPED')
    expect(clock.pendingTimers).toBe(0)
  })

  it('while the body flows: what has arrived is given, then the iterator ends', async () => {
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-type': 'audio/mpeg' })
      await connection.write(AUDIO)
    })
    const controller = new AbortController()
    const connection = await open({ url: server.url }, controller.signal)
    await until(() => server.connections[0].sentBody.length === AUDIO.length, 'all sent')
    const { bytes, error } = await drain(connection, (soFar) => soFar >= AUDIO.length && controller.abort())
    expect(error).toBeUndefined()
    expect(sameBytes(bytes, AUDIO)).toBe('same')
  })

  it('while nothing comes: a pending pull ends', async () => {
    const server = await serve((connection) => connection.respond({ 'content-type': 'audio/mpeg' }))
    const controller = new AbortController()
    const connection = await open({ url: server.url }, controller.signal)
    const pull = connection[Symbol.asyncIterator]().next()
    controller.abort()
    expect(await pull).toEqual({ done: true, value: undefined })
  })

  it('amid a body with a length: no error', async () => {
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-length': '999999', 'content-type': 'audio/mpeg' })
      await connection.write(AUDIO)
    })
    const controller = new AbortController()
    const connection = await open({ url: server.url }, controller.signal)
    expect((await drain(connection, () => controller.abort())).error).toBeUndefined()
  })

  it('disposing ends a pending pull and closes the socket; twice is fine', async () => {
    const server = await serve((connection) => connection.respond({ 'content-type': 'audio/mpeg' }))
    const connection = await open({ url: server.url })
    const pull = connection[Symbol.asyncIterator]().next()
    await connection[Symbol.asyncDispose]()
    await connection[Symbol.asyncDispose]()
    expect((await pull).done).toBe(true)
    await server.connections[0].closed
  })

  it('leaving the loop closes the socket', async () => {
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-type': 'audio/mpeg' })
      await connection.write(AUDIO)
    })
    for await (const chunk of await open({ url: server.url })) {
      expect(chunk.bytes.length).toBeGreaterThan(0)
      break
    }
    await server.connections[0].closed
  })

  it('leaves no listener on a signal that outlives many connections', async () => {
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-type': 'audio/mpeg' })
      await connection.end()
    })
    const controller = new AbortController()
    let listeners = 0
    const { addEventListener, removeEventListener } = controller.signal
    controller.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++
      addEventListener.apply(controller.signal, args)
    }
    controller.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners--
      removeEventListener.apply(controller.signal, args)
    }
    for (let round = 0; round < 5; round++) await drain(await open({ url: server.url }, controller.signal))
    // Removing what has fired or was removed is harmless and counts below.
    expect(listeners).toBeLessThanOrEqual(0)
  })
})

describe('back-pressure', () => {
  it('holds about a megabyte, pauses the sender, and loses nothing', async () => {
    const piece = payload(64 * 1024)
    const total = 24 * 1024 * 1024
    const server = await serve(async (connection) => {
      await connection.respond({ 'content-type': 'audio/mpeg' })
      for (let sent = 0; sent < total; sent += piece.length) if (!(await connection.write(piece))) return
      await connection.end()
    })
    const connection = await open({ url: server.url })
    const sender = await server.connection(0)
    let before = -1
    // The kernel's buffers and ours fill up, then nothing moves.
    while (sender.sentBytes !== before) {
      before = sender.sentBytes
      await new Promise((resolve) => systemClock.after(60, () => resolve(undefined)))
    }
    expect(before).toBeLessThan(total)
    let length = 0
    let wrong = 0
    for await (const { bytes } of connection) {
      for (let at = 0; at < bytes.length; at += 997) if (bytes[at] !== piece[(length + at) % piece.length]) wrong++
      length += bytes.length
    }
    expect([length, wrong]).toEqual([total, 0])
  })
})
