import { appendFileSync, readdirSync, readFileSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { configOrThrow, parseConfig, Station } from '@isr/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../support.js'

/** Nobody takes it for one that grows. */
function writeOld(path: string, bytes: Buffer): void {
  writeFileSync(path, bytes)
  utimesSync(path, Date.now() / 1000 - 100, Date.now() / 1000 - 100)
}

const descriptors = () => readdirSync('/proc/self/fd').length

describe('ranges of a growing file', () => {
  let station: Station
  let served: Awaited<ReturnType<typeof startServer>>

  beforeAll(async () => {
    served = await startServer()
    await served.close()
    const text = `[general]\noutput_directory = ${served.directory}\nsplit_minutes = 525600\nformat = wav\n[tone]\ntype = signal\n`
    station = new Station({ config: configOrThrow(parseConfig(text)) })
    served = await startServer({ directory: served.directory, station })
    station.start()
    const isThere = async () =>
      station.status.sources[0].recordedSeconds > 1 && (await served.ask(`/stream/${nameOf()}`)).status === 200
    for (let turn = 0; turn < 400 && !(await isThere()); turn++) await sleep(100)
  })
  afterAll(async () => {
    await served.close()
    await station.stop()
  })

  const nameOf = () => station.status.sources[0].recording!.name

  it('are right to the byte, a thousand of them on one socket', async () => {
    const name = nameOf()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const { port } = new URL(served.server.url)
    const sockets = new Set<unknown>()
    const ask = (range: string) =>
      new Promise<{ bytes: Buffer; start: number; total: number }>((resolve, reject) => {
        const path = `/stream/${encodeURIComponent(name)}`
        request({ agent, host: '127.0.0.1', port, path, headers: { range } }, (response) => {
          sockets.add(response.socket)
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            const bytes = Buffer.concat(parts)
            const [, start, end, total] =
              /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers['content-range'] ?? '') ?? []
            expect(response.statusCode).toBe(206)
            expect(bytes.length).toBe(Number(response.headers['content-length']))
            expect(bytes.length).toBe(Number(end) - Number(start) + 1)
            resolve({ bytes, start: Number(start), total: Number(total) })
          })
        })
          .on('error', reject)
          .end()
      })
    const headBytes = readFileSync(join(served.directory, name)).indexOf('data', 36, 'latin1') + 8
    const got: Awaited<ReturnType<typeof ask>>[] = []
    let size = 100_000
    // more when it has not grown by then: it does so several times a second
    const hasGrown = () => got.length > 0 && got[got.length - 1].total > got[0].total
    for (let turn = 0; turn < 1000 || (turn < 20_000 && !hasGrown()); turn++) {
      const start = Math.floor((turn * 7919) % size)
      const one = await ask(turn % 10 === 9 ? `bytes=-${1 + (turn % 5000)}` : `bytes=${start}-${start + (turn % 9000)}`)
      size = one.total
      got.push(one)
    }
    expect(sockets.size).toBe(1)
    const totals = got.map(({ total }) => total)
    // it grew meanwhile, and ended with a whole frame each time
    expect(totals.at(-1)).toBeGreaterThan(totals[0])
    expect(totals.filter((total) => (total - headBytes) % 4 !== 0)).toEqual([])
    const file = readFileSync(join(served.directory, name))
    for (const { bytes, start, total } of got) {
      const want = Buffer.from(file.subarray(start, start + bytes.length))
      // what the sizes of the file that was served must say
      const sizes = Buffer.from(file.subarray(0, headBytes))
      sizes.writeUInt32LE(total - 8, 4)
      sizes.writeUInt32LE(total - headBytes, headBytes - 4)
      if (start < headBytes) sizes.copy(want, 0, start, Math.min(headBytes, start + bytes.length))
      expect(bytes.equals(want)).toBe(true)
    }
    agent.destroy()
  })
})

describe('what breaks while it is sent', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const lines: string[] = []
  const size = 8_000_000

  beforeAll(async () => {
    const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
    served = await startServer({ log })
    for (const name of ['seek.mp3', 'shrinks.mp3', 'vanishes.mp3', 'grows.mp3'])
      writeOld(join(served.directory, name), Buffer.alloc(size, 7))
    await served.server.app.library.refresh()
  })
  afterAll(() => served.close())

  /** Asks and reads nothing until `go`, when the answer has begun; then tells what came in all. */
  const slow = async (path: string) => {
    const { port } = new URL(served.server.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    let count = 0
    const closed = new Promise<number>((resolve) => socket.once('close', () => resolve(count)))
    socket.on('error', () => {})
    await expect.poll(() => socket.bytesRead, { interval: 2 }).toBeGreaterThan(0)
    return {
      socket,
      go: () => {
        socket.on('data', (bytes) => (count += bytes.length))
        return closed
      },
    }
  }

  it('seeks that are given up leave nothing behind', async () => {
    await served.ask('/stream/seek.mp3', { range: 'bytes=0-9' })
    const before = descriptors()
    for (let turn = 0; turn < 100; turn++) {
      const { socket } = await slow('/stream/seek.mp3')
      socket.destroy()
    }
    await expect.poll(descriptors).toBeLessThanOrEqual(before)
    expect((await served.ask('/stream/seek.mp3')).bytes.length).toBe(size)
    expect(lines).toEqual([])
  })

  it('a file that becomes shorter ends the connection, short of what was announced', async () => {
    const one = await slow('/stream/shrinks.mp3')
    truncateSync(join(served.directory, 'shrinks.mp3'), 1000)
    expect(await one.go()).toBeLessThan(size)
  })

  it('a file that is removed is sent to its end; one that grows, as long as was announced', async () => {
    const gone = await slow('/stream/vanishes.mp3')
    unlinkSync(join(served.directory, 'vanishes.mp3'))
    const reading = gone.go()
    await expect.poll(() => gone.socket.bytesRead).toBeGreaterThan(size)
    gone.socket.destroy()
    await reading
    const more = await slow('/stream/grows.mp3')
    appendFileSync(join(served.directory, 'grows.mp3'), Buffer.alloc(100_000))
    const all = more.go()
    await expect.poll(() => more.socket.bytesRead).toBeGreaterThan(size)
    await sleep(100)
    more.socket.destroy()
    expect(await all).toBeLessThan(size + 1000)
  })

  it('descriptors come back', async () => {
    const before = descriptors()
    for (let turn = 0; turn < 30; turn++) {
      const name = `many-${turn}.mp3`
      writeOld(join(served.directory, name), Buffer.alloc(1000))
    }
    await served.server.app.library.refresh()
    for (let turn = 0; turn < 30; turn++) await served.ask(`/stream/many-${turn}.mp3`)
    for (let turn = 0; turn < 30; turn++) unlinkSync(join(served.directory, `many-${turn}.mp3`))
    await served.server.app.library.refresh()
    await expect.poll(descriptors).toBeLessThanOrEqual(before + 1)
  })
})
