import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DaysAnswer } from '../../src/index.js'
import { startServer } from '../support.js'
import { putWav } from '../review/recording.js'

const RATE = 8000

describe('GET /api/days with levels', () => {
  let served: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    served = await startServer()
    putWav(served.directory, '20260601_120000.wav', new Int16Array(RATE * 30).fill(3000), RATE)
    await served.server.app.library.settled()
  })
  afterAll(() => served.close())

  it('is sent once while nothing changes, and again when something was measured', async () => {
    const first = await served.json('/api/days?levels=24')
    const days = first.json as DaysAnswer
    expect(days.days[0].sources[0]).toMatchObject({ quiet: [] })
    expect(days.days[0].sources[0].levels?.every((level) => level === null)).toBe(true)
    const { etag = '' } = first.headers
    const again = await served.ask('/api/days?levels=24', { 'if-none-match': etag })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
    expect((await served.ask('/api/days?levels=48', { 'if-none-match': etag })).status).toBe(200)
    // measures it, and says so
    const analysis = await served.json('/api/analyze?file=20260601_120000.wav')
    expect(analysis.json).toMatchObject({ highlight_score: 12, thresholds: [{ start: 0 }] })
    const measured = await served.json('/api/days?levels=24', { 'if-none-match': etag })
    expect(measured.status).toBe(200)
    const levels = (measured.json as DaysAnswer).days[0].sources[0].levels
    expect(levels?.find((level) => level !== null)).toBeCloseTo(20 * Math.log10(3000 / 32_768), 0)
    const fixed = await served.json('/api/analyze?file=20260601_120000.wav&threshold=0.1')
    expect(fixed.json).toMatchObject({ thresholds: [{ start: 0, rms: 0.1 }] })
    expect(fixed.json).not.toHaveProperty('highlight_score')
  })
})
