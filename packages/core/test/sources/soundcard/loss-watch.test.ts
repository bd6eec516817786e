import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IsrError } from '../../../src/errors.js'
import type { Chunk } from '../../../src/model.js'
import { LossWatch } from '../../../src/sources/soundcard/loss-watch.js'

const PERIOD_MS = 50
const OVERRUN = new IsrError('ISR_SOURCE_OVERRUN', 'overrun!!!')

/** What happens to one period of a card. */
interface Period {
  /** It arrives later than it was made, and so does all behind it that is not later still. */
  readonly delayMs?: number
  /** So much is never heard before it. */
  readonly lostMs?: number
  /** So much of it is told. */
  readonly toldMs?: number
}

/** A card that makes a period every 50 ms of its own time, fast by `ppm`. Chunks hold their number. */
function play(periods: readonly Period[], ppm = 0) {
  const explain = (lostMs: number) => new IsrError('ISR_SOURCE_STALLED', `${Math.round(lostMs)} ms`)
  const watch = new LossWatch({ periodMs: PERIOD_MS, explain })
  const out: Chunk[] = []
  let madeMs = 1000
  let arrivedAtMs = 0
  let mostHeld = 0
  periods.forEach(({ delayMs = 0, lostMs = 0, toldMs }, number) => {
    madeMs += lostMs + PERIOD_MS / (1 + ppm * 1e-6)
    arrivedAtMs = Math.max(arrivedAtMs, madeMs + delayMs)
    if (toldMs !== undefined) watch.tell(toldMs, OVERRUN)
    out.push(...watch.push({ bytes: Uint8Array.of(number & 255), arrivedAtMs }, PERIOD_MS))
    mostHeld = Math.max(mostHeld, number + 1 - out.length)
  })
  out.push(...watch.flush())
  const losses = out.flatMap(({ lossBefore }, at) => (lossBefore ? [{ at, ...lossBefore }] : []))
  return { order: out.map(({ bytes }) => bytes[0]), losses, mostHeld }
}

const steady = (periods: number): Period[] => Array<Period>(periods).fill({})
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index & 255)

describe('LossWatch', () => {
  it('finds what is missing where it is missing, by its length', () => {
    for (const lostMs of [101, 170, 1200, 3_600_000]) {
      const { order, losses } = play([...steady(100), { lostMs }, ...steady(100)])
      expect(order).toEqual(numbers(201))
      expect(losses).toMatchObject([{ at: 100, cause: { code: 'ISR_SOURCE_STALLED' } }])
      expect(losses[0].seconds).toBeCloseTo(lostMs / 1000, 3)
    }
  })

  it('finds it though the first audio after it is held up, or the last before it', () => {
    const after = play([...steady(100), { lostMs: 700, delayMs: 300 }, ...steady(100)])
    const before = play([...steady(99), { delayMs: 400 }, { lostMs: 700 }, ...steady(100)])
    for (const { losses } of [after, before]) {
      expect(losses).toHaveLength(1)
      expect(Math.abs(losses[0].at - 100)).toBeLessThanOrEqual(1)
      expect(losses[0].seconds).toBeCloseTo(0.7, 3)
    }
  })

  it('takes audio that is held up for what it is, and keeps nothing that is on time', () => {
    const { losses, mostHeld, order } = play([
      ...steady(100),
      { delayMs: 4000 },
      ...steady(300),
      { delayMs: 1500 },
      ...steady(99),
    ])
    expect(losses).toEqual([])
    expect(order).toEqual(numbers(501))
    expect(mostHeld).toBeLessThanOrEqual(80)
    expect(play(steady(50)).mostHeld).toBe(0)
  })

  it('believes what it is told, exactly, unless more is missing', () => {
    const told = (lostMs: number, toldMs: number) => play([...steady(40), { lostMs, toldMs }, ...steady(40)]).losses
    expect(told(31.4, 31.4)).toEqual([{ at: 40, seconds: 0.0314, cause: OVERRUN }])
    expect(told(0, 31.4)).toEqual([{ at: 40, seconds: 0.0314, cause: OVERRUN }])
    expect(told(4000, 0.012)).toMatchObject([{ at: 40, seconds: 4, cause: OVERRUN }])
    expect(told(80, 0.012)).toMatchObject([{ at: 40, seconds: 0.08 }])
    expect(told(500, 480)).toMatchObject([{ at: 40, seconds: 0.48 }])
    expect(play([{ toldMs: 20 }, ...steady(40)]).losses).toEqual([])
  })

  it('adds up losses too small to be seen one by one: time is never wrong by more than two periods', () => {
    const period = (number: number): Period => (number % 100 === 99 ? { lostMs: 10 } : {})
    const { losses } = play(Array.from({ length: 20_000 }, (_, number) => period(number)))
    const lost = losses.reduce((sum, { seconds }) => sum + seconds, 0)
    // 2000 ppm; of these 500 could be the clock of the card
    expect(lost).toBeGreaterThan(2 - 0.5 - 0.11)
    expect(lost).toBeLessThanOrEqual(2)
  })

  it('follows the clock of the card, for a day, through jitter', () => {
    for (const ppm of [50, -200, 400]) {
      const periods = Array.from({ length: 200_000 }, (_, number) => ({ delayMs: (number * 7919) % 73 }))
      expect(play(periods, ppm).losses).toEqual([])
    }
  })

  it('never loses, doubles or swaps a chunk, whatever happens; what it tells of was lost', () => {
    const period = fc.record(
      {
        delayMs: fc.oneof({ weight: 9, arbitrary: fc.nat(60) }, { weight: 1, arbitrary: fc.nat(3000) }),
        lostMs: fc.oneof(
          { weight: 20, arbitrary: fc.constant(0) },
          { weight: 1, arbitrary: fc.integer({ min: 250, max: 5000 }) },
        ),
      },
      { requiredKeys: [] },
    )
    const quiet = steady(70)
    fc.assert(
      fc.property(fc.array(period, { maxLength: 60 }), (wild) => {
        // quiet times between: what is missing can only be told from what is late when something is on time
        const periods = [
          ...quiet,
          ...wild.flatMap((one) => [one, ...(one.lostMs ? steady(20) : [])]),
          ...quiet,
          ...quiet,
        ]
        const { order, losses } = play(periods)
        expect(order).toEqual(numbers(periods.length))
        const lost = periods.reduce((sum, { lostMs = 0 }) => sum + lostMs, 0)
        const told = losses.reduce((sum, { seconds }) => sum + seconds * 1000, 0)
        expect(Math.abs(lost - told)).toBeLessThanOrEqual(2 * PERIOD_MS)
      }),
    )
  })
})
