import { FakeClock } from '@isr/core/testing'
import { describe, expect, it } from 'vitest'
import { afterLong, sleepUnless } from '../../src/session/wait.js'

describe('sleepUnless', () => {
  it('ends with the time or with the promise, and leaves no timer', async () => {
    const clock = new FakeClock()
    let ended = 0
    void sleepUnless(clock, 1000, new Promise(() => {})).then(() => ended++)
    await clock.advance(999)
    expect(ended).toBe(0)
    await clock.advance(1)
    expect(ended).toBe(1)
    await sleepUnless(clock, 1000, Promise.resolve())
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('afterLong', () => {
  it('waits longer than timers of Node.js can', async () => {
    const clock = new FakeClock()
    const dayMs = 86_400_000
    let calls = 0
    afterLong(clock, 60 * dayMs, () => calls++)
    await clock.advance(60 * dayMs - 1)
    expect(calls).toBe(0)
    await clock.advance(1)
    expect(calls).toBe(1)
    expect(clock.pendingTimers).toBe(0)
  })

  it('can be cancelled at any time', async () => {
    const clock = new FakeClock()
    let calls = 0
    const cancel = afterLong(clock, 2 ** 31, () => calls++)
    await clock.advance(2 ** 30 + 5)
    cancel()
    await clock.advance(2 ** 32)
    expect(calls).toBe(0)
  })
})
