import { describe, expect, it } from 'vitest'
import { StallWatch } from '../../../src/recorder/supervision/stall-watch.js'
import { FakeClock } from '../../../src/testing/fake-clock.js'

async function watch(live: boolean, secondsOfAudioAt: (elapsedSeconds: number) => number, forSeconds = 120) {
  const clock = new FakeClock()
  let audio = 0
  let stalledAt: number | undefined
  const stallWatch = new StallWatch({
    clock,
    timeoutMs: 20_000,
    live,
    audioSeconds: () => audio,
    onStall: () => (stalledAt = clock.monotonicMs() / 1000),
  })
  for (let tenth = 0; tenth < forSeconds * 10 && stalledAt === undefined; tenth++) {
    await clock.advance(100)
    audio = secondsOfAudioAt(clock.monotonicMs() / 1000)
  }
  stallWatch.stop()
  expect(clock.pendingTimers).toBe(0)
  return stalledAt
}

describe('StallWatch', () => {
  it('lets a broadcast be', async () => expect(await watch(true, (t) => t)).toBeUndefined())

  it('lets an outage shorter than the window be, when what was missed comes after it', async () => {
    expect(await watch(true, (t) => (t < 30 || t > 44 ? t : 30))).toBeUndefined()
  })

  it('notices silence within a window and an eighth', async () => {
    const stalledAt = await watch(true, (t) => Math.min(t, 50))
    expect(stalledAt).toBeGreaterThanOrEqual(60)
    expect(stalledAt).toBeLessThanOrEqual(72.5)
  })

  it('notices a source that never sends audio', async () => {
    const stalledAt = await watch(true, () => 0)
    expect(stalledAt).toBeGreaterThanOrEqual(20)
    expect(stalledAt).toBeLessThanOrEqual(22.5)
  })

  it('notices a trickle: bytes come, audio does not', async () => {
    expect(await watch(true, (t) => t * 0.05)).toBeLessThanOrEqual(22.5)
  })

  it('lets an unpaced source be slow, but not still', async () => {
    expect(await watch(false, (t) => t * 0.05)).toBeUndefined()
    expect(await watch(false, (t) => Math.min(t, 10) * 0.05)).toBeLessThanOrEqual(32.5)
  })

  it('after a sleep gives the connection five seconds to show that it lives', async () => {
    for (const lives of [true, false]) {
      const clock = new FakeClock()
      let audio = 0
      const stalls: (number | undefined)[] = []
      const options = { clock, timeoutMs: 20_000, live: true, audioSeconds: () => audio }
      const stallWatch = new StallWatch({ ...options, onStall: (_, asleepMs) => void stalls.push(asleepMs) })
      for (let second = 0; second < 60; second++, audio++) await clock.advance(1000)
      clock.sleep(3_600_000)
      for (let second = 0; second < 6; second++, audio += lives ? 1 : 0) await clock.advance(1000)
      expect(stalls.map((ms) => Math.round((ms ?? 0) / 1000))).toEqual(lives ? [] : [expect.closeTo(3600, -1)])
      for (let second = 0; second < 60 && lives; second++, audio++) await clock.advance(1000)
      expect(stalls).toHaveLength(lives ? 0 : 1)
      stallWatch.stop()
    }
  })
})
