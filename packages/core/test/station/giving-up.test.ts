import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { FaultServer } from '../../src/testing/fault-server.js'
import { signalSource, stationOf } from '../support/signal-station.js'

const root = mkdtempSync(join(tmpdir(), 'isr-giving-up-'))
afterAll(() => rmSync(root, { recursive: true }))

/** Silence in MPEG-1 Layer III, 128 kb/s: headers and nothing in them. */
const FRAME = Uint8Array.from({ length: 417 }, (_, at) => [0xff, 0xfb, 0x90, 0xc4][at] ?? 0)
const AUDIO = Buffer.concat(Array.from({ length: 2000 }, () => FRAME))

const stream = (url: string) =>
  signalSource('radio', join(root, 'radio'), {
    ...{ type: 'stream', url, format: 'auto', maxRetries: 1, retryDelaySeconds: 0.05, probeMinutes: 0.005 },
  })

describe('a source that was given up', () => {
  it('is tried again beside others, tells of it once, and is recorded when it is back', async () => {
    const server = await FaultServer.start(async (connection) => {
      await connection.respond({ 'content-type': 'audio/mpeg' })
      await connection.write(AUDIO)
    })
    server.refuse()
    const errors: string[] = []
    const two = stationOf(signalSource('demo', join(root, 'demo'), { splitMinutes: 525_600 }), stream(server.url))
    two.on('error', ({ source, error }) => void errors.push(`${source}: ${error.code}`))
    two.start()
    const state = () => two.status.sources[1].state
    await vi.waitFor(() => expect(state()).toBe('failed'), { timeout: 20_000 })
    // some tries that fail
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(state()).toBe('failed')
    expect(errors).toEqual(['radio: ISR_RETRIES_EXHAUSTED'])
    await server.listen()
    await vi.waitFor(() => expect(state()).toBe('recording'), { timeout: 20_000 })
    await two.stop()
    expect(await two.finished).toMatchObject({ failed: [] })
    await server.close()
  })

  it('ends the station when it was the last one', async () => {
    const server = await FaultServer.start(() => {})
    server.refuse()
    const one = stationOf(stream(server.url))
    one.start()
    expect(await one.finished).toMatchObject({ failed: ['radio'] })
    await server.close()
  })
})
