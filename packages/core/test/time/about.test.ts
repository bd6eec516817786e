import { describe, expect, it } from 'vitest'

import { afterAbout } from '../../src/time/about.js'
import { FakeClock } from '../../src/testing/index.js'

describe('afterAbout', () => {
  it('calls all on the same second with one timer, never after the delay', async () => {
    const clock = new FakeClock()
    await clock.advance(300)
    const called: number[] = []
    for (const delayMs of [3750, 4100, 4600]) afterAbout(clock, delayMs, () => called.push(clock.monotonicMs()))
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(10_000)
    expect(called).toEqual([4000, 4000, 4000])
    expect(clock.pendingTimers).toBe(0)
  })

  it('waits for the next second at least', async () => {
    const clock = new FakeClock()
    await clock.advance(1990)
    const called: number[] = []
    const again = () => {
      called.push(clock.monotonicMs())
      if (called.length < 3) afterAbout(clock, 1, again)
    }
    afterAbout(clock, 1, again)
    await clock.advance(5000)
    expect(called).toEqual([3000, 4000, 5000])
  })

  it('does not call who was cancelled, even by another one at the same moment', async () => {
    const clock = new FakeClock()
    const called: string[] = []
    const gone = afterAbout(clock, 2000, () => called.push('gone'))
    afterAbout(clock, 2000, () => {
      called.push('first')
      second.cancel()
    })
    const second = afterAbout(clock, 2000, () => called.push('second'))
    gone.cancel()
    gone.cancel()
    await clock.advance(2000)
    expect(called).toEqual(['first'])
    const last = afterAbout(clock, 2000, () => called.push('last'))
    last.cancel()
    expect(clock.pendingTimers).toBe(0)
  })

  it('keeps clocks apart', async () => {
    const [one, other] = [new FakeClock(), new FakeClock()]
    const called: string[] = []
    afterAbout(one, 1000, () => called.push('one'))
    afterAbout(other, 1000, () => called.push('other'))
    await one.advance(1000)
    expect(called).toEqual(['one'])
  })
})
