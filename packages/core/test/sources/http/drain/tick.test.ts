import { describe, expect, it } from 'vitest'

import { isNewEnough } from '../../../../src/sources/http/drain/low-water.js'
import { Tick } from '../../../../src/sources/http/drain/tick.js'
import type { Sleeper } from '../../../../src/sources/http/drain/tick.js'
import { FakeClock, settle } from '../../../../src/testing/index.js'

/** Sleepers that note when they are woken up, and in which order they open and close. */
function crowd(clock: FakeClock, count: number, mostMs = 1000) {
  const log: string[] = []
  const times = new Map<Sleeper, number[]>()
  for (let index = 0; index < count; index++) {
    const sleeper: Sleeper = {
      onTick: () => {
        times.get(sleeper)?.push(clock.monotonicMs())
        log.push('open')
      },
      afterTick: () => log.push('close'),
    }
    times.set(sleeper, [])
    Tick.of(clock, mostMs).join(sleeper)
  }
  return { times, log }
}

describe('Tick', () => {
  it('wakes up once a second for up to a hundred, on the second', async () => {
    const clock = new FakeClock()
    await clock.advance(300)
    const { times } = crowd(clock, 100)
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(3000)
    for (const at of times.values()) expect(at).toEqual([1000, 2000, 3000])
  })

  it('wakes up every fourth second for those who have so much time, and for the others every second', async () => {
    const clock = new FakeClock()
    await clock.advance(300)
    const patient = crowd(clock, 3, 5000)
    const others = crowd(clock, 3, 3999)
    await clock.advance(12_000)
    for (const at of patient.times.values()) expect(at).toEqual([4000, 8000, 12_000])
    for (const at of others.times.values()) expect(at.slice(0, 3)).toEqual([1000, 2000, 3000])
  })

  it('opens all before it closes any, in the same turn of the loop', async () => {
    const clock = new FakeClock()
    const { log } = crowd(clock, 3)
    await clock.advance(1000)
    await settle()
    expect(log).toEqual(['open', 'open', 'open', 'close', 'close', 'close'])
  })

  it('spreads more over the second, each once a second', async () => {
    const clock = new FakeClock()
    const { times } = crowd(clock, 450)
    expect(clock.pendingTimers).toBe(5)
    await clock.advance(5000)
    const phases = new Set([...times.values()].map((at) => at[0]))
    expect(phases.size).toBe(5)
    for (const at of times.values()) {
      expect(at.length).toBeGreaterThanOrEqual(4)
      for (let turn = 1; turn < at.length; turn++) expect(at[turn] - at[turn - 1]).toBe(1000)
    }
    const sorted = [...phases].sort((a, b) => a - b)
    for (let at = 1; at < 5; at++) expect(sorted[at] - sorted[at - 1]).toBeGreaterThan(100)
  })

  it('forgets who leaves, and fills the place', async () => {
    const clock = new FakeClock()
    const { times } = crowd(clock, 150)
    const tick = Tick.of(clock, 1000)
    for (const sleeper of times.keys()) tick.leave(sleeper)
    expect(clock.pendingTimers).toBe(0)
    const { times: later } = crowd(clock, 20)
    expect(clock.pendingTimers).toBe(1)
    await clock.advance(1000)
    expect([...later.values()].flat()).toEqual(Array<number>(20).fill(1000))
    expect([...times.values()].flat()).toEqual([])
  })
})

describe('the low-water mark', () => {
  it.each([
    ['4.17.9-generic', false],
    ['3.10.0-1160.el7.x86_64', false],
    ['4.18.0', true],
    ['6.1.0-rpi7-rpi-v8', true],
    ['10.0', true],
    ['', false],
  ])('is there in kernel %s: %s', (kernel, expected) => {
    expect(isNewEnough(kernel)).toBe(expected)
  })
})
