import { FakeClock } from '@isr/core/testing'
import { describe, expect, it } from 'vitest'
import { Repeats } from '../../src/output/repeats.js'

describe('Repeats', () => {
  it('lets the 1st, 4th, 8th, 16th of equal reasons pass, for each source', () => {
    const repeats = new Repeats(new FakeClock())
    const passed = Array.from({ length: 40 }, () => repeats.pass('a', 'down')).filter((count) => count > 0)
    expect(passed).toEqual([1, 4, 8, 16, 32])
    expect(repeats.pass('b', 'down')).toBe(1)
    expect(repeats.pass('a', 'other')).toBe(1)
  })

  it('takes a reason for news after ten silent minutes', async () => {
    const clock = new FakeClock()
    const repeats = new Repeats(clock)
    for (let index = 0; index < 3; index++) repeats.pass('a', 'down')
    await clock.advance(9 * 60_000)
    expect(repeats.pass('a', 'down')).toBe(4)
    await clock.advance(10 * 60_000)
    expect(repeats.pass('a', 'down')).toBe(1)
  })

  it('forgets the oldest of very many reasons', () => {
    const repeats = new Repeats(new FakeClock())
    repeats.pass('a', 'first')
    for (let index = 0; index < 1000; index++) repeats.pass('a', `reason ${index}`)
    expect(repeats.pass('a', 'first')).toBe(1)
    for (let index = 0; index < 2; index++) repeats.pass('a', 'reason 999')
    expect(repeats.pass('a', 'reason 999')).toBe(4)
  })
})
