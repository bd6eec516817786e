import { get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { findFrames } from '../../../src/testing/numbered/find-frames.js'
import { numberedStream } from '../../../src/testing/numbered/open-numbered-stream.js'
import { NumberedStation, onAir } from '../../../src/testing/station/numbered-station.js'
import { waitUntil } from '../../../../../tests/e2e/rig/wait-until.js'
import { STREAM_FAULTS } from '../../../src/testing/station/faults/stream-faults.js'

/** Reads a body until it ends. */
function body(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('close', () => resolve(Buffer.concat(parts)))
      response.on('error', () => {})
    }).on('error', reject)
  })
}
const numbers = (bytes: Uint8Array, station: NumberedStation) =>
  findFrames(bytes, [station.stream])
    .filter(({ isWhole }) => isWhole)
    .map(({ number }) => number)

describe('NumberedStation', () => {
  it('remembers by frame what it sent: to two listeners the same timeline, with the burst', async () => {
    await using station = await NumberedStation.start({
      burstSeconds: 2,
      script: async (listener) => {
        await listener.greet()
        await listener.play({ seconds: 0.3 })
        await listener.playPart(0.5)
        await listener.hangUp()
      },
    })
    const bodies = await Promise.all([body(station.url), body(station.url)])
    for (const [index, bytes] of bodies.entries()) {
      const got = numbers(bytes, station)
      const [{ ranges }] = station.sent[index].parts
      expect(ranges).toEqual([{ from: got[0], to: got.at(-1)! + 1 }])
      expect(got.length).toBe(station.sent[index].frames)
      expect(got.length * station.stream.frameSeconds).toBeGreaterThan(2)
      expect(bytes.length % 384).toBe(192)
      expect(station.sent[index].endedBy).toBe('station')
    }
    expect(Math.abs(numbers(bodies[0], station)[0] - numbers(bodies[1], station)[0])).toBeLessThan(20)
  })

  it('goes on with another stream in the same connection', async () => {
    const other = numberedStream('aac', 9)
    await using station = await NumberedStation.start({
      script: async (listener) => {
        await listener.greet()
        await listener.play({ seconds: 0.2 })
        station.change(other)
        await listener.play({ seconds: 0.3 })
        await listener.end()
      },
    })
    await body(station.url)
    expect(station.sent[0].parts.map(({ stream }) => stream.format)).toEqual(['mp3', 'aac'])
  })

  it('an outage cuts everybody off, and is over', async () => {
    await using station = await NumberedStation.start({ script: onAir })
    const first = body(station.url).catch(() => undefined)
    await waitUntil('the listener is there', () => (station.sent[0]?.frames ?? 0) > 0)
    const outage = station.outage(200)
    await first
    await expect(body(station.url)).rejects.toThrow(/ECONNREFUSED/)
    await outage
    const second = body(station.url)
    await waitUntil('it is back', () => (station.sent[1]?.frames ?? 0) > 0)
    await station.listeners[1].end()
    expect(numbers(await second, station).length).toBeGreaterThan(0)
  })

  it('knows every fault by name, each with what happens', () => {
    expect(Object.keys(STREAM_FAULTS).length).toBeGreaterThan(50)
    for (const fault of Object.values(STREAM_FAULTS)) {
      expect(fault.what).not.toBe('')
      expect(fault.scripts.length).toBeGreaterThan(0)
    }
  })
})
