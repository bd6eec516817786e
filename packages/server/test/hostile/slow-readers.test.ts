import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawRequest } from './support/raw.js'
import { startRoom, type Room } from './support/room.js'

const READERS = 100
const MB = 1024 * 1024
const buffersMb = () => process.memoryUsage().arrayBuffers / MB

/** A client on a slow line: it takes a kilobyte now and then. */
function slowReader(port: number, path: string) {
  const socket: Socket = connect({ port, host: '127.0.0.1', readableHighWaterMark: 1024 } as never)
  socket.on('error', () => {})
  let taken = 0
  const timer = setInterval(() => {
    const part = socket.read(1024) as Buffer | null
    taken += part?.length ?? 0
  }, 100)
  socket.write(rawRequest(`GET ${path}`))
  const stop = () => {
    clearInterval(timer)
    socket.destroy()
  }
  return { socket, taken: () => taken, stop }
}

describe('clients that read slowly', () => {
  let room: Room
  beforeAll(async () => {
    room = await startRoom()
    room.put(join(room.directory, 'large.wav'), Buffer.alloc(64 * MB, 7))
    await room.server.app.library.settled()
  })
  afterAll(() => room.close())

  it('cost little memory each, hold nobody up, and give everything back', async () => {
    globalThis.gc?.()
    const before = buffersMb()
    const readers = Array.from({ length: READERS }, (_, at) =>
      slowReader(room.port, at % 2 === 0 ? '/stream/large.wav' : '/download/large.wav'),
    )
    await expect.poll(() => readers.every(({ taken }) => taken() > 3000), { timeout: 30_000 }).toBe(true)
    // two of 64 KB each, and what is on its way; large ones are for who reads fast
    expect(buffersMb() - before).toBeLessThan((READERS * 4 * 64) / 1024)

    const p90 = async () => {
      const waits: number[] = []
      for (let turn = 0; turn < 40; turn++) {
        const began = performance.now()
        expect((await room.ask('/api/config')).status).toBe(200)
        waits.push(performance.now() - began)
      }
      return waits.sort((one, other) => one - other)[36]
    }
    await expect.poll(p90, { timeout: 20_000, interval: 0 }).toBeLessThan(500)
    const fast = await room.ask('/stream/large.wav')
    expect([fast.bytes.length, fast.bytes.every((byte) => byte === 7)]).toEqual([64 * MB, true])

    for (const { stop } of readers) stop()
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length, {
        timeout: 10_000,
      })
      .toBeLessThan(5)
    // with all gone, a new client has large buffers again, and its bytes are right
    const again = await room.ask('/stream/large.wav')
    expect(again.bytes.every((byte) => byte === 7)).toBe(true)
  })
})
