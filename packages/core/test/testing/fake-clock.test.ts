import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../src/testing/fake-clock.js'
import { sleep } from '../../src/time/clock.js'

describe('FakeClock', () => {
  it('moves both clocks, and only when told', async () => {
    const clock = new FakeClock(1_000_000)
    expect([clock.now(), clock.monotonicMs()]).toEqual([1_000_000, 0])
    await clock.advance(2_500)
    expect([clock.now(), clock.monotonicMs()]).toEqual([1_002_500, 2_500])
    clock.step(-60_000)
    expect([clock.now(), clock.monotonicMs()]).toEqual([942_500, 2_500])
  })

  it('fires timers in the order they are due, at their own time, those that timers start too', async () => {
    const clock = new FakeClock()
    const log: string[] = []
    const note = (name: string) => log.push(`${name}@${clock.monotonicMs()}`)
    clock.after(300, () => note('c'))
    clock.after(100, () => {
      note('a')
      clock.after(100, () => note('b'))
    })
    clock.after(100, () => note('a2'))
    clock.after(-5, () => note('now'))
    clock.after(301, () => note('too late'))
    expect(clock.pendingTimers).toBe(5)
    await clock.advance(300)
    expect(log).toEqual(['now@0', 'a@100', 'a2@100', 'b@200', 'c@300'])
    expect(clock.pendingTimers).toBe(1)
  })

  it('lets promises go on between timers', async () => {
    const clock = new FakeClock()
    const times: number[] = []
    const worker = (async () => {
      for (let round = 0; round < 5; round++) {
        await sleep(clock, 1000)
        times.push(clock.monotonicMs())
      }
    })()
    await clock.advance(5_000)
    await worker
    expect(times).toEqual([1000, 2000, 3000, 4000, 5000])
  })

  it('forgets a timer that is cancelled, as often as it is', async () => {
    const clock = new FakeClock()
    const fired: number[] = []
    const timer = clock.after(100, () => fired.push(1))
    clock.after(50, () => timer.cancel())
    timer.cancel()
    timer.cancel()
    await clock.advance(1000)
    expect(fired).toEqual([])
    expect(clock.pendingTimers).toBe(0)
  })
})
