import { describe, expect, it } from 'vitest'

import { DrainSchedule } from '../../../../src/sources/http/drain/drain-schedule.js'
import type { Drainable } from '../../../../src/sources/http/drain/drain-schedule.js'
import { FakeClock } from '../../../../src/testing/index.js'

/** Sockets that note when they are drained, and are due again at once. */
function crowd(clock: FakeClock, count: number, intervalMs?: number): Map<Drainable, number[]> {
  const schedule = DrainSchedule.of(clock)
  const drained = new Map<Drainable, number[]>()
  for (let index = 0; index < count; index++) {
    const socket: Drainable = {
      peer: `host${index % 2}`,
      drain: () => {
        drained.get(socket)?.push(clock.monotonicMs())
        schedule.plan(socket, intervalMs ?? schedule.tickMs)
      },
    }
    drained.set(socket, [])
    schedule.join(socket)
  }
  for (const socket of drained.keys()) schedule.plan(socket, intervalMs ?? schedule.tickMs)
  return drained
}

describe('DrainSchedule', () => {
  it('is one for everything on a clock', () => {
    const clock = new FakeClock()
    expect(DrainSchedule.of(clock)).toBe(DrainSchedule.of(clock))
    expect(DrainSchedule.of(clock)).not.toBe(DrainSchedule.of(new FakeClock()))
  })

  it('wakes up once a tick for up to a hundred sockets', async () => {
    const clock = new FakeClock()
    const drained = crowd(clock, 80)
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(10_500)
    for (const times of drained.values()) expect(times).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((s) => s * 1000))
  })

  it('spreads more of them over the tick in slices', async () => {
    const clock = new FakeClock()
    const drained = crowd(clock, 400)
    expect(clock.pendingTimers).toBe(4)
    await clock.advance(5000)
    const phases = new Map<number, number>()
    for (const times of drained.values()) {
      expect(times.length).toBeGreaterThanOrEqual(4)
      times.slice(1).forEach((ms, index) => expect(ms - times[index]).toBe(1000))
      phases.set(times[0] % 1000, (phases.get(times[0] % 1000) ?? 0) + 1)
    }
    expect([...phases].sort()).toEqual([0, 250, 500, 750].map((phase) => [phase, 100]))
  })

  it('drains oftener what asks for it, in the same wake-ups', async () => {
    const clock = new FakeClock()
    const [[, slow], [, fast]] = [...crowd(clock, 60), ...crowd(clock, 1, 250)].slice(-2)
    await clock.advance(3000)
    expect(slow.length).toBe(3)
    expect(fast.length).toBe(12)
  })

  it('drains at once all that waits for one peer', () => {
    const clock = new FakeClock()
    const drained = crowd(clock, 10)
    DrainSchedule.of(clock).hurry('host1')
    for (const [{ peer }, times] of drained) expect(times.length).toBe(peer === 'host1' ? 1 : 0)
  })

  it('leaves no timer behind', async () => {
    const clock = new FakeClock()
    const drained = crowd(clock, 250)
    await clock.advance(1234)
    for (const socket of drained.keys()) DrainSchedule.of(clock).leave(socket)
    expect(clock.pendingTimers).toBe(0)
  })
})
