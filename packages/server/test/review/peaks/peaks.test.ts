import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PeaksAnswer } from '../../../src/index.js'
import { startServer } from '../../support.js'
import { putWav } from '../recording.js'

const RATE = 8000
const FULL = 32_768
/** Every second has another height, and one sample in it stands out. */
const samples = Int16Array.from({ length: RATE * 20 }, (_, at) => {
  const second = Math.floor(at / RATE)
  if (at === 7 * RATE + 4321) return -30_000
  return (at % 2 ? 1 : -1) * (second + 1) * 100
})

/** What is to be drawn, computed from the samples. */
function drawn(from: number, to: number, points: number) {
  return Array.from({ length: points }, (_, point) => {
    const at = (one: number) => (from + ((to - from) * one) / points) * RATE
    const part = [...samples.subarray(Math.floor(at(point) + 1e-6), Math.ceil(at(point + 1) - 1e-6))]
    const rms = Math.sqrt(part.reduce((sum, one) => sum + one * one, 0) / part.length) / FULL
    return { min: Math.min(...part) / FULL, max: Math.max(...part) / FULL, rms }
  })
}

describe('GET /api/peaks', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const peaks = async (query: string) => (await served.json(`/api/peaks?${query}`)).json as PeaksAnswer
  const close = (found: readonly (number | null)[], expected: readonly number[], digits: number) => {
    expect(found).toHaveLength(expected.length)
    for (const [point, one] of expected.entries()) expect(found[point], `point ${point}`).toBeCloseTo(one, digits)
  }

  beforeAll(async () => {
    served = await startServer()
    putWav(served.directory, '20260601_120000.wav', samples, RATE)
    putWav(served.directory, 'now.wav', samples, RATE, 0)
    await served.server.app.library.settled()
  })
  afterAll(() => served.close())

  it('measures a recording once, and draws it of its levels', async () => {
    const answer = await peaks('file=20260601_120000.wav&points=20')
    expect(answer).toMatchObject({ from: 0, to: 20, detail: 'levels', measuredSeconds: 20, channels: 1, active: false })
    const expected = drawn(0, 20, 20)
    const greatest = expected.map(({ min, max }) => Math.max(-min, max))
    close(answer.max, greatest, 3)
    close(
      answer.min,
      greatest.map((one) => -one),
      3,
    )
    close(
      answer.rms,
      expected.map(({ rms }) => rms),
      3,
    )
    expect(existsSync(join(served.directory, 'analyses/20260601_120000.wav.levels'))).toBe(true)
    expect(readdirSync(join(served.directory, 'analyses'))).toEqual(['20260601_120000.wav.levels'])
  })

  it('draws the samples themselves where points are shorter than windows', async () => {
    for (const [from, to, points] of [
      [6.5, 8.5, 400],
      [7.54, 7.541, 8],
      [0, 20, 4000],
    ]) {
      const answer = await peaks(`file=20260601_120000.wav&from=${from}&to=${to}&points=${points}`)
      expect(answer).toMatchObject({ detail: 'samples', measuredSeconds: null })
      const expected = drawn(from, to, points)
      close(
        answer.min,
        expected.map(({ min }) => min),
        4,
      )
      close(
        answer.max,
        expected.map(({ max }) => max),
        4,
      )
      close(
        answer.rms,
        expected.map(({ rms }) => rms),
        4,
      )
    }
  })

  it('finds every sample in some point, however short points are', async () => {
    const { min } = await peaks('file=20260601_120000.wav&from=7.54&to=7.5405&points=4000')
    expect(Math.min(...min.map(Number))).toBeCloseTo(-30_000 / FULL, 4)
    expect(min).not.toContain(null)
  })

  it('has nothing where there is no audio', async () => {
    const coarse = await peaks('file=20260601_120000.wav&from=10&to=30&points=20')
    expect(coarse.max.map((one) => one === null)).toEqual(Array.from({ length: 20 }, (_, point) => point >= 10))
    const fine = await peaks('file=20260601_120000.wav&from=19&to=21&points=40')
    expect(fine.rms.map((one) => one === null)).toEqual(Array.from({ length: 40 }, (_, point) => point >= 20))
    const beyond = await peaks('file=20260601_120000.wav&from=100&to=101&points=100')
    expect(new Set(beyond.min)).toEqual(new Set([null]))
  })

  it('tells whether an answer still holds', async () => {
    const path = '/api/peaks?file=20260601_120000.wav&points=10'
    const { headers } = await served.json(path)
    expect(headers['cache-control']).toBe('private, no-cache')
    const again = await served.ask(path, { 'if-none-match': String(headers.etag) })
    expect(again.status).toBe(304)
    expect(again.bytes).toHaveLength(0)
    expect((await served.json(`${path}&from=1`)).headers.etag).not.toBe(headers.etag)
  })

  it('draws a growing file as far as it goes', async () => {
    const first = await served.json('/api/peaks?file=now.wav&from=0&to=40&points=40&channels=1')
    const { headers } = first
    const answer = first.json as PeaksAnswer
    expect(headers['cache-control']).toBe('no-store')
    expect(headers.etag).toBeUndefined()
    expect(answer).toMatchObject({ active: true, detail: 'levels' })
    expect(answer.byChannel).toEqual([{ min: answer.min, max: answer.max, rms: answer.rms }])
    // the newest second may not be whole
    close(
      answer.max.slice(0, 19),
      drawn(0, 19, 19).map(({ min, max }) => Math.max(-min, max)),
      3,
    )
    expect(answer.max.slice(20)).toEqual(Array.from({ length: 20 }, () => null))
    const longer = new Int16Array(samples.length * 2)
    longer.set(samples)
    longer.fill(16_384, samples.length)
    putWav(served.directory, 'now.wav', longer, RATE, 0)
    await served.server.app.library.settled()
    const { max, measuredSeconds } = await peaks('file=now.wav&from=0&to=40&points=40')
    expect(measuredSeconds).toBeGreaterThan(38)
    close(
      max.slice(21, 38),
      Array.from({ length: 17 }, () => 0.5),
      3,
    )
  })

  it('refuses what cannot be drawn', async () => {
    const status = async (query: string) => (await served.json(`/api/peaks?${query}`)).status
    expect(await status('file=none.wav')).toBe(404)
    expect(await status('file=20260601_120000.wav&from=5&to=5')).toBe(400)
    expect(await status('file=20260601_120000.wav&points=4001')).toBe(400)
    expect(await status('file=20260601_120000.wav&points=0')).toBe(400)
    expect(await status('file=20260601_120000.wav&from=-1')).toBe(400)
    expect(await status('file=20260601_120000.wav&from=1e300&to=1e301')).toBe(400)
  })
})
