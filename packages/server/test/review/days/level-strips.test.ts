import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DaysAnswer } from '../../../src/index.js'
import { startServer } from '../../support.js'
import { putWav } from '../recording.js'

const RATE = 100
/** Quiet minutes, each of which is louder than the one before; -40 dBFS and 6 dB more each. */
const samples = (minutes: number) =>
  Int16Array.from(
    { length: minutes * 60 * RATE },
    (_, at) => (at % 2 ? 1 : -1) * Math.round(327.68 * 2 ** Math.floor(at / 60 / RATE)),
  )

describe('GET /api/days?levels', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  const days = async (query: string) => ((await served.json(`/api/days?${query}`)).json as DaysAnswer).days

  beforeAll(async () => {
    process.env.TZ = 'UTC'
    served = await startServer()
    mkdirSync(join(served.directory, 'analyses'))
    putWav(served.directory, '20260601_235800.wav', samples(4), RATE)
    putWav(served.directory, '20260603_120000.wav', samples(1), RATE)
    await served.server.app.library.settled()
    await served.json('/api/analyze?file=20260601_235800.wav')
  })
  afterAll(() => served.close())

  it('tells the loudest of each slot, over midnight, and nothing where nothing is', async () => {
    const [third, second, first] = await days('levels=1440')
    expect([first.date, second.date, third.date]).toEqual(['2026-06-01', '2026-06-02', '2026-06-03'])
    const strip = (day: typeof first) => day.sources[0].levels ?? []
    expect(strip(first)).toHaveLength(1440)
    expect(
      strip(first)
        .slice(0, 1438)
        .every((one) => one === null),
    ).toBe(true)
    expect(strip(first).slice(1438)).toEqual([-40, -34])
    expect(strip(second).slice(0, 3)).toEqual([-28, -21.9, null])
    // recorded, and measured by nobody
    expect(third.sources[0].spans).toHaveLength(1)
    expect(new Set(strip(third))).toEqual(new Set([null]))
  })

  it('follows what is measured, and the days and slots that are wanted', async () => {
    await served.json('/api/analyze?file=20260603_120000.wav')
    const [day, ...others] = await days('levels=24&from=2026-06-03')
    expect(others).toEqual([])
    const expected = Array.from({ length: 24 }, (_, slot) => (slot === 12 ? -40 : null))
    expect(day.sources[0].levels).toEqual(expected)
    expect((await days('from=2026-06-03'))[0].sources[0]).not.toHaveProperty('levels')
    expect((await served.json('/api/days?levels=1441')).status).toBe(400)
    expect((await served.json('/api/days?levels=0')).status).toBe(400)
  })
})
