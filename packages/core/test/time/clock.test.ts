import { describe, expect, it, vi } from 'vitest'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { sleep, systemClock } from '../../src/time/clock.js'

describe('systemClock', () => {
  it('shows the time of the machine', () => {
    const before = Date.now()
    const now = systemClock.now()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
    const first = systemClock.monotonicMs()
    expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(first)
  })

  it('waits for any length and can be told not to', () => {
    vi.useFakeTimers()
    try {
      const month = 40 * 86_400_000 // setTimeout knows 24.8 days
      const called: string[] = []
      systemClock.after(month, () => called.push('month'))
      systemClock.after(10, () => called.push('soon'))
      const cancelled = systemClock.after(month, () => called.push('never'))
      vi.advanceTimersByTime(30 * 86_400_000)
      expect(called).toEqual(['soon'])
      cancelled.cancel()
      cancelled.cancel()
      vi.advanceTimersByTime(10 * 86_400_000)
      expect(called).toEqual(['soon', 'month'])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('sleep', () => {
  const state = (promise: Promise<void>) => {
    const seen = { done: false }
    void promise.then(() => (seen.done = true))
    return seen
  }

  it('ends after its delay', async () => {
    const clock = new FakeClock()
    const sleeper = state(sleep(clock, 1000))
    await clock.advance(999)
    expect(sleeper.done).toBe(false)
    await clock.advance(1)
    expect(sleeper.done).toBe(true)
  })

  it('ends at an abort and leaves no timer and no listener behind', async () => {
    const clock = new FakeClock()
    const abort = new AbortController()
    const sleeper = state(sleep(clock, 1000, abort.signal))
    abort.abort()
    await clock.advance(0)
    expect(sleeper.done).toBe(true)
    expect(clock.pendingTimers).toBe(0)
    await sleep(clock, 1000, abort.signal)
    expect(clock.pendingTimers).toBe(0)
  })
})
