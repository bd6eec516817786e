import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawRequest, talk } from './support/raw.js'
import { openFilesUnder, startRoom, type Room } from './support/room.js'

const REQUEST_TIMEOUT_MS = 400
/** What a loaded machine adds; without the limit it would be for ever. */
const LATE_MS = 10_000
const madeFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`isr-made-${process.pid}-`))
const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
const descriptors = () => readdirSync('/proc/self/fd').length

/** Milliseconds of plain requests beside something else. */
async function timed(room: Room, count: number): Promise<number[]> {
  const all: number[] = []
  for (let at = 0; at < count; at++) {
    const began = performance.now()
    const { status } = await room.ask('/api/config')
    expect(status).toBe(200)
    all.push(performance.now() - began)
  }
  return all.sort((one, other) => one - other)
}

describe('hostile connections', () => {
  let room: Room
  beforeAll(async () => {
    room = await startRoom({ requestTimeoutMs: REQUEST_TIMEOUT_MS })
    room.put(join(room.directory, 'large.wav'), Buffer.alloc(32 << 20))
    await room.server.app.library.settled()
  })
  afterAll(() => room.close())

  it('that send slowly are cut, with an answer', async () => {
    const head = 'POST /api/undo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n'
    const slow = (text: string) => text.split(/(?<=^[^]{20,})/)
    const talks = await Promise.all([
      ...Array.from({ length: 20 }, () =>
        talk(room.port, ['GET / HTTP/1.1\r\n', ...slow('X-a: b\r\n'.repeat(20))], { pauseMs: 60 }),
      ),
      ...Array.from({ length: 20 }, () => talk(room.port, `${head}Content-Length: 90000\r\n\r\n{`)),
      ...Array.from({ length: 10 }, () =>
        talk(room.port, [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...Array<string>(60).fill('1\r\n \r\n')], {
          pauseMs: 50,
        }),
      ),
      ...Array.from({ length: 10 }, () => talk(room.port, '\r\n\r\n')),
      ...Array.from({ length: 10 }, () => talk(room.port, 'G')),
    ])
    for (const { milliseconds, statuses, text } of talks) {
      expect(milliseconds).toBeLessThan(REQUEST_TIMEOUT_MS + LATE_MS)
      expect(statuses.every((status) => status === 408)).toBe(true)
      if (text !== '') expect(text).toContain('"code":"HTTP_TIMEOUT"')
    }
    expect(talks.filter(({ statuses }) => statuses.length === 1).length).toBeGreaterThan(40)
  })

  it('that pipeline get their answers in order, and garbage behind them ends it', async () => {
    const line = (path: string) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`
    const both = line('/api/config') + line('/stream/none.wav')
    const { statuses } = await talk(room.port, both.repeat(100) + rawRequest('GET /api/status'))
    expect(statuses).toEqual([...Array.from({ length: 100 }, () => [200, 404]).flat(), 200])
    const broken = await talk(room.port, `${both}garbage\r\n\r\n`)
    expect(broken.statuses.every((status) => [200, 400, 404].includes(status))).toBe(true)
  })

  it('that leave amid anything leave nothing open', async () => {
    await expect.poll(sockets).toBeLessThan(5)
    const before = descriptors()
    const file = 'garden%2f20260601_120000.wav'
    const paths = [
      '/stream/large.wav',
      '/download/large.wav',
      '/stream/large.wav',
      `/api/cut?file=${file}&start=0&end=1`,
      `/api/clip?file=${file}&start=0&end=2`,
      `/api/analyze?file=${file}&min_gap=0.5`,
      '/api/export?source=garden&from=2026-06-01&to=2026-06-02',
      '/api/events',
      '/live/garden',
      '/api/files',
    ]
    for (let round = 0; round < 12; round++) {
      const leaving = paths.map(async (path, at) => {
        const socket: Socket = connect(room.port, '127.0.0.1')
        socket.on('error', () => {})
        await once(socket, 'connect')
        socket.write(rawRequest(`GET ${path}`))
        await new Promise((resolve) => setTimeout(resolve, (round * 7 + at * 3) % 40))
        if (round % 3 === 0) socket.resetAndDestroy()
        else if (round % 3 === 1) socket.destroy()
        else socket.end()
        socket.resume()
        await once(socket, 'close')
      })
      await Promise.all(leaving)
    }
    await expect.poll(madeFolders).toEqual([])
    await expect.poll(sockets).toBeLessThan(5)
    // files that were read stay open for a moment; everything else is closed
    await expect.poll(() => descriptors() - openFilesUnder(room.outside).length).toBeLessThanOrEqual(before)
    expect(openFilesUnder(room.outside).length).toBeLessThan(10)
  })

  it('that never read hold nobody up', async () => {
    const lazy = Array.from({ length: 100 }, () => {
      const socket = connect(room.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.pause()
      socket.write(rawRequest('GET /stream/large.wav'))
      return socket
    })
    const all = await timed(room, 30)
    expect(all[15]).toBeLessThan(500)
    for (const socket of lazy) socket.destroy()
    await expect.poll(sockets).toBeLessThan(5)
  })

  it('listen to events by the hundred: each has a share, and all are forgotten when they leave', async () => {
    const { port } = room
    const answers = await Promise.all(
      Array.from(
        { length: 300 },
        () =>
          new Promise<IncomingMessage>((resolve, reject) => {
            get({ port, host: '127.0.0.1', path: '/api/events?levels=1', agent: false }, resolve).on('error', reject)
          }),
      ),
    )
    const taken = answers.filter(({ statusCode }) => statusCode === 200)
    const told = answers.filter(({ statusCode }) => statusCode === 429)
    // where this process was held up longer than a request may take, one is told that
    const late = answers.filter(({ statusCode }) => statusCode === 408)
    expect([taken.length, told.length + late.length]).toEqual([64, 236])
    expect(told.length).toBeGreaterThan(150)
    expect((await timed(room, 10))[5]).toBeLessThan(500)
    for (const answer of answers) answer.destroy()
    await expect.poll(sockets).toBeLessThan(5)
    await expect
      .poll(async () => {
        const again = await new Promise<IncomingMessage>((resolve) =>
          get({ port, host: '127.0.0.1', path: '/api/events', agent: false }, resolve),
        )
        again.destroy()
        return again.statusCode
      })
      .toBe(200)
  })

  it('that want costly work in bursts are told to wait, and plain requests go on', async () => {
    const file = 'garden%2f20260601_120000.wav'
    const asked = Array.from(
      { length: 100 },
      (_, at) =>
        [
          `/api/analyze?file=${file}&min_gap=0.${at}`,
          `/api/cut?file=${file}&start=0&end=1.${at}`,
          `/api/clip?file=${file}&start=0&end=1.${at}`,
          '/api/export?source=garden&from=2026-06-01&to=2026-06-02',
        ][at % 4],
    )
    const working = Promise.all(asked.map((path) => room.ask(path)))
    const all = await timed(room, 30)
    const answers = await working
    expect(answers.flatMap((answer) => room.breaks(answer, [200, 404, 429]))).toEqual([])
    expect(answers.some(({ status }) => status === 200)).toBe(true)
    expect(answers.some(({ status }) => status === 429)).toBe(true)
    expect(all[15]).toBeLessThan(500)
    await expect.poll(madeFolders).toEqual([])
    expect((await room.ask(`/api/cut?file=${file}&start=0&end=1`)).status).toBe(200)
  })
})
