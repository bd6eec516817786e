import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { AfterDuration, Recorder, SignalSource, UniformSpan, type HeaderCapture } from '@isr/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StationView } from '../../src/station-view.js'
import { startServer } from '../support.js'

type Served = Awaited<ReturnType<typeof startServer>>

describe('GET /live/<source>', () => {
  let recorder: Recorder
  let header: HeaderCapture
  let beside: Served
  /** Knows the recorder by its files alone. */
  let apart: Served

  beforeAll(async () => {
    const empty = await startServer()
    const { directory } = empty
    await empty.close()
    recorder = new Recorder({
      source: new SignalSource({ name: 'a/tone', waveform: 'ramp' }),
      storage: directory,
      splitter: new AfterDuration({ seconds: 2 }),
      taps: [{ open: (_, its) => void (header = its) }],
    })
    const station = {
      on: recorder.on.bind(recorder),
      off: recorder.off.bind(recorder),
      live: (name: string) => (name === 'a/tone' ? recorder.live : undefined),
      get status() {
        return { sources: [recorder.status] }
      },
    }
    beside = await startServer({ directory, station: station as unknown as StationView })
    apart = await startServer({ directory })
    recorder.start()
    for (let turn = 0; turn < 400 && recorder.status.recordedSeconds < 2.5; turn++) await sleep(100)
  })
  afterAll(async () => {
    await beside.close()
    await apart.close()
    await recorder.stop()
  })

  const listen = ({ server }: Served) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      get(`${server.url}/live/a%2Ftone?container=mse`, resolve).on('error', reject)
    })
  /** Listens until `isEnough` of the seconds that were heard and those that it took. */
  const hear = async (served: Served, isEnough: (heardSeconds: number, tookSeconds: number) => boolean) => {
    let began = performance.now()
    let response = await listen(served)
    // a file that has just begun has nothing in it yet
    for (let turn = 0; turn < 20 && response.statusCode === 503; turn++) {
      response.resume()
      await sleep(200)
      began = performance.now()
      response = await listen(served)
    }
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({ 'content-type': 'audio/wav', 'cache-control': 'no-store' })
    expect(response.headers['content-length']).toBeUndefined()
    const parts: Buffer[] = []
    let heardBytes = 0
    response.on('data', (part: Buffer) => {
      parts.push(part)
      heardBytes += part.length
    })
    const state = () => [heardBytes / 4 / 44_100, (performance.now() - began) / 1000] as const
    await expect.poll(() => isEnough(...state())).toBe(true)
    const [heard, took] = state()
    expect(heard - took).toBeLessThan(3.5)
    response.destroy()
    const bytes = Buffer.concat(parts)
    expect(bytes.toString('latin1', 0, 4)).toBe('RIFF')
    expect(bytes.readUInt32LE(4)).toBe(0xffffffff)
    const start = bytes.indexOf('data', 36, 'latin1') + 8
    return new Int16Array(
      bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length - ((bytes.length - start) % 2)),
    )
  }

  it('begins with the latest two seconds, goes on over the ends of files, and leaves nothing behind', async () => {
    const samples = await hear(beside, (heard, took) => heard > 3.5 && heard - took > 1)
    expectUnbroken(samples)
    await expect.poll(() => recorder.live.listeners).toBe(0)
  })

  it('hears a recorder of another process from its files, from one into the next', async () => {
    expectUnbroken(await hear(apart, (heard) => heard > 2.5))
  })

  it('says that there is nothing to hear', async () => {
    for (const served of [beside, apart]) {
      const { status, json } = await served.json('/live/nobody')
      expect(status).toBe(404)
      expect(json).toMatchObject({ error: { code: 'HTTP_NOT_FOUND' } })
      expect((await served.json('/live/a%2Ftone?container=exe')).status).toBe(400)
    }
    const head = await beside.ask('/live/a%2Ftone', {}, 'HEAD')
    expect([head.status, head.bytes.length]).toEqual([200, 0])
  })

  it('sends away who does not take it', async () => {
    const response = await listen(beside)
    response.pause()
    const gone = new Promise((resolve) => response.once('error', resolve))
    expect(recorder.live.listeners).toBe(1)
    // the system takes some of it for the client
    const second = new Uint8Array(1 << 20)
    for (let turn = 0; turn < 40; turn++) {
      recorder.live.push(new UniformSpan(header, second, 4, 1))
      await sleep(5)
    }
    await expect.poll(() => recorder.live.listeners).toBe(0)
    response.resume()
    await gone
    expect(recorder.status.state).toBe('recording')
  })

  it('ends when the recorder does', async () => {
    const response = await listen(beside)
    const ended = new Promise((resolve) => response.once('end', resolve))
    response.resume()
    await recorder.stop()
    await ended
    const { status, headers, json } = await beside.json('/live/a%2Ftone')
    expect([status, headers['retry-after']]).toEqual([503, '1'])
    expect(json).toMatchObject({ error: { code: 'HTTP_NOTHING_YET' } })
  })
})

/** A counter: what is lost or doubled shows. */
function expectUnbroken(samples: Int16Array): void {
  let breaks = 0
  for (let at = 1; at < samples.length; at++) if (((samples[at] - samples[at - 1]) & 0xffff) !== 1) breaks++
  expect(breaks).toBe(0)
}
