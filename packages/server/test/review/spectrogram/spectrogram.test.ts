import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spectrogram } from '@isr/core'
import { wavOf } from '../../../../../tests/support/wav.js'
import { missingTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { startServer } from '../../support.js'
import { putWav } from '../recording.js'

const RATE = 8000
const sine = (seconds: number, hz: number) =>
  Int16Array.from({ length: RATE * seconds }, (_, at) => Math.round(16_384 * Math.sin((2 * Math.PI * hz * at) / RATE)))
const FILE = 'file=20260601_120000.wav'

describe.skipIf(missingTools(['ffmpeg']).length > 0)('GET /api/spectrogram', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const ask = (query: string, headers?: Record<string, string>) => served.ask(`/api/spectrogram?${query}`, headers)
  /** Pixels as a decoder that we did not write sees them. */
  const pixels = (png: Buffer) =>
    execFileSync('ffmpeg', '-v error -f image2pipe -c:v png -i - -f rawvideo -pix_fmt gray -'.split(' '), {
      input: png,
    })

  beforeAll(async () => {
    served = await startServer()
    putWav(served.directory, '20260601_120000.wav', sine(8, 1000), RATE)
    putWav(served.directory, 'now.wav', sine(8, 1000), RATE, 0)
    await served.server.app.library.settled()
  })
  afterAll(() => served.close())

  it('is a picture of the very levels', async () => {
    const answer = await ask(`${FILE}&from=1&to=3&width=50&height=32&min_hz=100`)
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'isr-lowest-hz': '100',
      'isr-highest-hz': '4000',
      'cache-control': 'private, no-cache',
    })
    const input = join(served.directory, '20260601_120000.wav')
    const shape = { startSeconds: 1, endSeconds: 3, columns: 50, bands: 32, lowestHz: 100 }
    const { levels } = await spectrogram({ input, ...shape })
    expect(pixels(answer.bytes).equals(Buffer.from(levels))).toBe(true)
    // a sine of half of full scale is -6 dBFS, but for what falls between bins
    expect(Math.max(...levels)).toBeGreaterThan(255 - 2 * 7.6)
    expect(Math.max(...levels)).toBeLessThanOrEqual(255 - 12)
  })

  it('has an ETag, and sizes of its own for who does not say', async () => {
    const answer = await ask(FILE)
    expect(answer.bytes.readUInt32BE(16)).toBe(800)
    expect(answer.bytes.readUInt32BE(20)).toBe(128)
    const again = await ask(FILE, { 'if-none-match': answer.headers.etag ?? '' })
    expect(again.status).toBe(304)
    expect((await ask(FILE)).bytes.equals(answer.bytes)).toBe(true)
    expect((await ask(`${FILE}&height=64`)).headers.etag).not.toBe(answer.headers.etag)
  })

  it('grows with its recording', async () => {
    const query = 'file=now.wav&from=0&to=16&width=16&height=8'
    const before = await ask(query)
    expect(before.headers).toMatchObject({ 'cache-control': 'no-store' })
    expect(before.headers.etag).toBeUndefined()
    const columns = (png: Buffer) => [...pixels(png).subarray(0, 16)].filter((one) => one > 0).length
    expect(columns(before.bytes)).toBe(8)
    const path = join(served.directory, 'now.wav')
    writeFileSync(path, wavOf(sine(12, 1000), RATE))
    expect(columns((await ask(query)).bytes)).toBe(12)
  })

  it('draws the same once for who ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask(`${FILE}&width=333`)))
    for (const answer of answers) expect(answer.bytes.equals(answers[0].bytes)).toBe(true)
  })

  it('refuses what is none', async () => {
    for (const query of [
      '',
      'file=nothing.wav',
      `${FILE}&width=0`,
      `${FILE}&width=2001`,
      `${FILE}&height=513`,
      `${FILE}&from=3&to=3`,
      `${FILE}&from=x`,
      `${FILE}&min_hz=5000`,
      `${FILE}&min_hz=100&max_hz=100`,
      `${FILE}&width=10&width=20`,
    ]) {
      const answer = await served.json(`/api/spectrogram?${query}`)
      expect(answer.status, query).toBe(query === 'file=nothing.wav' ? 404 : 400)
    }
    expect((await ask(`${FILE}&from=100&to=200&width=4&height=4`)).status).toBe(200)
  })
})
