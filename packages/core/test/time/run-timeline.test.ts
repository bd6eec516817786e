import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RunTimeline, type TimeStep } from '../../src/time/run-timeline.js'
import { ManualClock } from '../support/manual-clock.js'
import { random } from '../support/random.js'
import { RATE_HZ, simulate, type Look, type Network } from '../support/simulated-network.js'

const HOUR_S = 3600
/** docs/design/time.md: how wrong a settled timeline may be, the least delay of the network aside, in milliseconds. */
const BOUND_MS = 25
/** What rounding makes: the wall clock counts whole milliseconds. */
const ROUNDING_MS = 3

/** Waiting queues: mostly short, now and then long. */
function jitter(meanMs: number, seed: number, leastMs = 40): () => number {
  const next = random(seed)
  return () => leastMs - meanMs * Math.log(1 - next())
}

/** Runs a network and keeps the extremes of the error, `afterSeconds` of audio. */
function errors(network: Network, afterSeconds = 2) {
  let least = Infinity
  let most = -Infinity
  const result = simulate({
    ...network,
    look: (state) => {
      network.look?.(state)
      if (state.samples < afterSeconds * RATE_HZ) return
      least = Math.min(least, state.errorMs)
      most = Math.max(most, state.errorMs)
    },
  })
  return { ...result, least, most }
}

/** Throws when time jumps or runs backwards; plain comparisons, because there are millions. */
function smoothness(): (state: Look) => void {
  let before: { samples: number; said: number } | undefined
  return ({ timeline, samples, saidBefore }) => {
    const said = timeline.at(samples)
    if (timeline.settled && before) {
      const audioMs = ((samples - before.samples) * 1000) / RATE_HZ
      const jumpMs = Math.abs(said - saidBefore)
      if (jumpMs > audioMs * 500e-6 + 0.001) throw new Error(`jumped by ${jumpMs} ms in ${audioMs} ms`)
      if (samples > before.samples && said <= before.said) throw new Error(`ran back to ${said} from ${before.said}`)
    }
    before = timeline.settled ? { samples, said } : undefined
  }
}

describe('RunTimeline, live: the start', () => {
  it('puts the first sample before the connection by the burst', () => {
    for (const burstMs of [0, 4_000, 30_000]) {
      const { timeline, least, most } = errors({ seconds: 20, burstMs }, burstMs / 1000 + 2)
      expect(timeline.settled).toBe(true)
      expect(least, `${burstMs}`).toBeGreaterThan(-1.5)
      expect(most, `${burstMs}`).toBeLessThan(1.5)
    }
  })

  it('knows the time of the first sample within the settling time', () => {
    let settledAt = Infinity
    simulate({
      seconds: 5,
      burstMs: 4_000,
      look: ({ timeline, clock }) => {
        if (timeline.settled) settledAt = Math.min(settledAt, clock.monotonic - 5_000)
      },
    })
    expect(settledAt).toBeLessThan(560)
  })

  it('waits for a burst that comes slowly, and for one that is only seen at the next tick', () => {
    const slow = errors({ seconds: 30, burstMs: 10_000, burstSpeed: 4 }, 15)
    expect(Math.abs(slow.least)).toBeLessThan(BOUND_MS)
    expect(Math.abs(slow.most)).toBeLessThan(BOUND_MS)
    const ticked = errors({ seconds: 30, burstMs: 4_000, tickMs: 1000 }, 8)
    expect(ticked.most).toBeLessThan(30) // a frame that is complete just after a tick is seen at the next
  })

  it('counts samples when a source sends faster than it plays and never stops', () => {
    const clock = new ManualClock()
    const timeline = new RunTimeline({ clock, sampleRateHz: 1, pace: 'live' })
    for (let second = 0; second <= 600; second++) {
      clock.monotonic = second * 10
      timeline.observe(clock.monotonic, second)
    }
    const start = timeline.at(0)
    for (let second = 600; second <= 1200; second++) {
      clock.monotonic = second * 10
      timeline.observe(clock.monotonic, second)
    }
    expect(timeline.at(1200) - start).toBeGreaterThan(1200_000 - 600)
  })
})

describe('RunTimeline, live: the network', () => {
  it('is not moved by jitter', () => {
    for (const meanMs of [5, 30, 150]) {
      // the wilder it is, the longer until one arrival shows the least delay
      const network = { seconds: HOUR_S, delayMs: jitter(meanMs, meanMs), look: smoothness() }
      const { least, most, steps } = errors(network, 4 * meanMs)
      expect(most - least, `${meanMs} ms`).toBeLessThan(7 + meanMs / 4)
      expect(steps).toEqual([])
    }
  })

  it('is not moved by stalls of any length that are caught up', () => {
    const stalls = [
      [300, 20],
      [900, 5],
      [1200, 20],
      [1800, 120],
    ]
    const quiet = jitter(5, 3)
    const delayMs = (madeMs: number) => {
      const stall = stalls.find(([at, seconds]) => madeMs >= at * 1000 && madeMs < (at + seconds) * 1000)
      return stall ? (stall[0] + stall[1]) * 1000 - madeMs + quiet() : quiet()
    }
    const { least, most, steps } = errors({ seconds: HOUR_S, delayMs, look: smoothness() })
    expect(most - least).toBeLessThan(7)
    expect(steps).toEqual([])
  })

  it('goes slowly when the stream turns out to be earlier than thought', () => {
    // Everything is 800 ms late for ten minutes, then the way is free.
    const delayMs = (madeMs: number) => (madeMs < 600_000 ? 800 : 0)
    let atTurn = 0
    const smooth = smoothness()
    const { timeline, least } = errors(
      {
        seconds: HOUR_S,
        delayMs,
        look: (state) => {
          if (state.samples < 600 * RATE_HZ) atTurn = state.errorMs
          smooth(state)
        },
      },
      2,
    )
    expect(atTurn).toBeGreaterThan(795)
    // 800 ms at 500 ppm take 1600 s
    expect(least).toBeGreaterThan(-ROUNDING_MS)
    expect(least).toBeLessThan(2)
    expect(timeline.steps).toBe(0)
  })

  it('jumps once when the station lost audio, and says so', () => {
    const { steps, timeline, least, most } = errors({ seconds: 600, lost: [200_000, 230_000] }, 300)
    expect(steps).toHaveLength(1)
    expect(steps[0].cause).toBe('stream')
    expect(steps[0].byMs).toBeCloseTo(30_000, -2)
    expect(timeline.steps).toBe(1)
    expect(least).toBeGreaterThan(-ROUNDING_MS)
    expect(most).toBeLessThan(BOUND_MS)
  })
})

describe('RunTimeline, live: the clocks', () => {
  it.each([200, -200, 50])('follows a source of %d ppm for 24 hours', (driftPpm) => {
    const { timeline, least, most, steps } = errors(
      { seconds: 24 * HOUR_S, driftPpm, tickMs: 100, delayMs: jitter(10, 7, 30), look: smoothness() },
      60,
    )
    expect(least).toBeGreaterThan(30 - BOUND_MS)
    expect(most).toBeLessThan(30 + BOUND_MS)
    expect(timeline.driftPpm).toBeGreaterThan(driftPpm - 1)
    expect(timeline.driftPpm).toBeLessThan(driftPpm + 1)
    expect(steps).toEqual([])
  })

  it('measures the drift within 10 ppm after an hour of ticks of a second', () => {
    for (const driftPpm of [120, -80]) {
      const { timeline } = simulate({ seconds: HOUR_S, driftPpm, tickMs: 1000, delayMs: jitter(20, 9) })
      expect(Math.abs(timeline.driftPpm! - driftPpm)).toBeLessThan(10)
    }
    expect(simulate({ seconds: 60 }).timeline.driftPpm).toBeUndefined()
  })

  it('follows a step of the wall clock at once and says so', () => {
    for (const byMs of [HOUR_S * 1000, -HOUR_S * 1000, 1500]) {
      let stepped = false
      const { steps, timeline, least, most } = errors({
        seconds: 60,
        wall: (clock) => {
          if (stepped || clock.monotonic < 30_000) return
          stepped = true
          clock.offset += byMs
        },
      })
      expect(steps).toHaveLength(1)
      expect(steps[0].cause).toBe('clock')
      expect(steps[0].byMs).toBeCloseTo(byMs, -1)
      expect(timeline.steps).toBe(1)
      expect(Math.max(Math.abs(least), Math.abs(most))).toBeLessThan(ROUNDING_MS)
    }
  })

  it('follows small corrections of the wall clock smoothly', () => {
    const slewed = errors({
      seconds: HOUR_S,
      wall: (clock) => (clock.offset = Date.UTC(2026, 0, 1) - clock.monotonic * 300e-6),
      look: smoothness(),
    })
    expect(slewed.steps).toEqual([])
    expect(slewed.most - slewed.least).toBeLessThan(5)

    let stepped = false
    const smooth = smoothness()
    const ends: number[] = []
    const small = errors({
      seconds: HOUR_S,
      wall: (clock) => {
        if (stepped || clock.monotonic < 100_000) return
        stepped = true
        clock.offset += 700
      },
      look: (state) => {
        smooth(state)
        ends.push(state.errorMs)
      },
    })
    expect(small.steps).toEqual([])
    expect(small.least).toBeLessThan(-695)
    expect(Math.abs(ends.at(-1)!)).toBeLessThan(ROUNDING_MS)
  })

  it('moves a sample by 2 ms at most in one arrival, however much audio it brings', () => {
    const clock = new ManualClock()
    const startingAt = clock.now()
    const timeline = new RunTimeline({ clock, sampleRateHz: 1, pace: 'live', startingAt })
    // a minute comes at once, though only ten seconds of it have passed: the start was later than it was said
    clock.monotonic += 10_000
    timeline.observe(clock.monotonicMs(), 60)
    expect(timeline.at(0) - startingAt).toBeCloseTo(-2, 6)
    timeline.observe(clock.monotonicMs(), 120)
    expect(timeline.at(0) - startingAt).toBeCloseTo(-4, 6)
  })

  it('never runs backwards or jumps, whatever arrives when', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 30, noNaN: true }), fc.double({ min: 0, max: 30, noNaN: true })), {
          maxLength: 300,
        }),
        fc.integer({ min: -900, max: 900 }),
        (arrivals, wallMs) => {
          const clock = new ManualClock()
          const steps: TimeStep[] = []
          const timeline = new RunTimeline({ clock, sampleRateHz: 1, pace: 'live', onStep: (step) => steps.push(step) })
          let seconds = 0
          let said = -Infinity
          for (const [pause, audio] of arrivals) {
            clock.monotonic += pause * 1000
            if (seconds > 100) clock.offset = Date.UTC(2026, 0, 1) + wallMs
            seconds += audio
            const before = timeline.at(seconds)
            const wasSettled = timeline.settled
            const stepsBefore = steps.length
            timeline.observe(clock.monotonic, seconds)
            const now = timeline.at(seconds)
            if (wasSettled && steps.length === stepsBefore) {
              expect(Math.abs(now - before)).toBeLessThanOrEqual(audio * 0.5 + 0.001)
              expect(now).toBeGreaterThanOrEqual(said)
            }
            said = now
          }
          expect(steps.every((step) => step.cause === 'stream')).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('RunTimeline', () => {
  it('counts from its creation when unpaced, whatever arrives', () => {
    const clock = new ManualClock()
    const timeline = new RunTimeline({ clock, sampleRateHz: 48_000, pace: 'unpaced' })
    expect(timeline.settled).toBe(true)
    clock.monotonic = 17
    timeline.observe(17, 48_000 * 3600)
    clock.offset += 1e6
    timeline.observe(18, 48_000 * 7200)
    expect(timeline.at(48_000 * 7200)).toBe(Date.UTC(2026, 0, 1) + 7_200_000)
    expect(timeline.steps).toBe(0)
    expect(timeline.driftPpm).toBeUndefined()
  })

  it('goes on where another one ended', () => {
    const clock = new ManualClock()
    const startingAt = Date.UTC(2026, 0, 1) - 2_000
    const unpaced = new RunTimeline({ clock, sampleRateHz: 32_000, pace: 'unpaced', startingAt })
    expect(unpaced.at(32_000)).toBeCloseTo(startingAt + 1000, 2)

    const live = new RunTimeline({ clock, sampleRateHz: 32_000, pace: 'live', startingAt })
    expect(live.settled).toBe(true)
    clock.monotonic = 700
    live.observe(700, 32_000) // late: 1.7 s after it was made
    expect(live.at(0)).toBeCloseTo(startingAt, 2)
  })

  it('has a time for samples before anything arrived', () => {
    const clock = new ManualClock()
    clock.monotonic = 250
    const timeline = new RunTimeline({ clock, sampleRateHz: 100, pace: 'live' })
    expect(timeline.settled).toBe(false)
    expect(timeline.at(100)).toBeCloseTo(Date.UTC(2026, 0, 1) + 1250, 2)
  })
})
