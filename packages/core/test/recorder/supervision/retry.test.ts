import { describe, expect, it } from 'vitest'
import { probePauseMs, retryDelayMs } from '../../../src/recorder/supervision/retry.js'

const settings = { maxAttempts: 10, delayMs: 5000, maxDelayMs: 60_000, probeMs: 0 }

describe('retryDelayMs', () => {
  it('retries at once, then waits longer and longer up to the limit', () => {
    const delays = Array.from({ length: 8 }, (_, index) => retryDelayMs(settings, index + 1, undefined, 0.5))
    expect(delays).toEqual([100, 5000, 10_000, 20_000, 40_000, 50_000, 50_000, 50_000])
  })

  it('spreads attempts by jitter and never exceeds the limit', () => {
    expect(retryDelayMs(settings, 2, undefined, 0)).toBe(4000)
    expect(retryDelayMs(settings, 2, undefined, 0.999)).toBeCloseTo(5998)
    expect(retryDelayMs(settings, 9, undefined, 0.999)).toBeCloseTo(60_000, -2)
    expect(retryDelayMs(settings, 9, undefined, 0.999)).toBeLessThan(60_000)
    expect(retryDelayMs(settings, 9, undefined, 0.7)).toBeLessThan(retryDelayMs(settings, 9, undefined, 0.8)!)
  })

  it('gives up after maxAttempts, never when it is 0', () => {
    expect(retryDelayMs(settings, 10, undefined, 0.5)).toBe(50_000)
    expect(retryDelayMs(settings, 11, undefined, 0.5)).toBeUndefined()
    expect(retryDelayMs({ ...settings, maxAttempts: 0 }, 1_000_000, undefined, 0.5)).toBe(50_000)
  })

  it('obeys Retry-After even beyond its own limit', () => {
    expect(retryDelayMs(settings, 1, 120_000, 0.5)).toBe(120_000)
    expect(retryDelayMs(settings, 5, 1000, 0.5)).toBe(40_000)
  })
})

describe('probePauseMs', () => {
  it('is spread by a fifth, and none where nothing is to be tried again', () => {
    expect([0, 0.5, 1].map((random) => probePauseMs({ ...settings, probeMs: 1000 }, random))).toEqual([
      800,
      1000,
      expect.closeTo(1200, 6),
    ])
    expect(probePauseMs(settings, 0.5)).toBeUndefined()
  })
})
