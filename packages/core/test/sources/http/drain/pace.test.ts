import { describe, expect, it } from 'vitest'

import { Pace, tickMs } from '../../../../src/sources/http/drain/pace.js'

describe('the tick', () => {
  it('is short with few streams and grows with them to a second', () => {
    expect([0, 1, 5].map(tickMs)).toEqual([tickMs(1), tickMs(1), tickMs(1)])
    expect(tickMs(1)).toBeLessThanOrEqual(200)
    expect(tickMs(50)).toBe(1000)
    expect(tickMs(5000)).toBe(1000)
    for (let streams = 1; streams < 100; streams++) expect(tickMs(streams + 1)).toBeGreaterThanOrEqual(tickMs(streams))
  })
})

describe('Pace', () => {
  /** A stream of `bytesPerSecond`, read every 100 ms for `seconds`. */
  function paced(bytesPerSecond: number, seconds = 20): Pace {
    const pace = new Pace(0)
    for (let ms = 100; ms <= seconds * 1000; ms += 100) pace.count(bytesPerSecond / 10, ms)
    return pace
  }

  it('leaves a stream alone for the whole tick while the kernel has room', () => {
    expect(paced(16_000).intervalMs(1000)).toBe(1000)
    expect(new Pace(0).intervalMs(1000)).toBe(1000)
  })

  it('halves the tick until a quarter of the receive buffer is enough', () => {
    expect(paced(40_000).intervalMs(1000)).toBe(500)
    expect(paced(120_000).intervalMs(1000)).toBe(250)
  })

  it('reads at once what would fill the buffer within a tenth of a second', () => {
    expect(paced(1_000_000).intervalMs(1000)).toBe(0)
    expect(paced(1_000_000).intervalMs(150)).toBe(0)
  })

  it('forgets the burst on connect', () => {
    const pace = new Pace(0)
    pace.count(200_000, 10)
    for (let ms = 100; ms <= 15_000; ms += 100) pace.count(1600, ms)
    expect(pace.intervalMs(1000)).toBe(1000)
  })

  it('notices that less than half has come of what was to be expected', () => {
    const pace = paced(16_000)
    expect(pace.count(16_000, 21_000)).toBe(false)
    expect(pace.count(7_000, 22_000)).toBe(true)
    expect(pace.count(9_000, 23_000)).toBe(false)
  })
})
