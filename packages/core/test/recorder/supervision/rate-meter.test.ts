import { describe, expect, it } from 'vitest'
import { RateMeter } from '../../../src/recorder/supervision/rate-meter.js'

const BYTES_PER_SECOND = 16_000

/** What it says every 100 ms of the 20 s behind the first `skipMs`, when so many ms of a steady stream come at a time. */
function rates(lumpMs: number, skipMs = 15_000): number[] {
  const meter = new RateMeter()
  const said: number[] = []
  for (let nowMs = 0; nowMs < skipMs + 20_000; nowMs += 100) {
    if (nowMs % lumpMs === 0) meter.add((BYTES_PER_SECOND * lumpMs) / 1000, nowMs)
    if (nowMs >= skipMs) said.push(meter.bitsPerSecond(nowMs))
  }
  return said
}

describe('RateMeter', () => {
  it.each([100, 1000, 4000])('knows the rate of what comes in lumps of %i ms', (lumpMs) => {
    for (const rate of rates(lumpMs)) {
      expect(rate).toBeGreaterThan(0.89 * BYTES_PER_SECOND * 8)
      expect(rate).toBeLessThan(1.06 * BYTES_PER_SECOND * 8)
    }
  })

  it('says 0 before anything came, and when nothing has come for long', () => {
    const meter = new RateMeter()
    expect(meter.bitsPerSecond(0)).toBe(0)
    for (let nowMs = 0; nowMs <= 8000; nowMs += 1000) meter.add(BYTES_PER_SECOND, nowMs)
    const falling = [9000, 14_000, 16_000, 17_900].map((nowMs) => meter.bitsPerSecond(nowMs))
    expect(falling).toEqual([...falling].sort((a, b) => b - a))
    expect(falling[3]).toBeLessThan(falling[0] / 2)
    expect(meter.bitsPerSecond(18_100)).toBe(0)
  })
})
