import { describe, expect, it } from 'vitest'
import { DriftMeter } from '../../../src/time/timeline/drift-meter.js'
import { random } from '../../support/random.js'

/** Feeds `hours` of arrivals of a source that is fast by `ppm`, one a second, with noise. */
function measure(ppm: number, hours: number, disturb: (second: number) => number = () => 0): number | undefined {
  const meter = new DriftMeter()
  const noise = random(5)
  for (let second = 0; second < hours * 3600; second++) {
    meter.add(second * 1000, -second * 1000 * ppm * 1e-6 + 20 * noise() + disturb(second))
  }
  return meter.ppm
}

describe('DriftMeter', () => {
  it('finds the rate, the better the longer it looks', () => {
    for (const ppm of [0, 30, -170]) {
      expect(Math.abs(measure(ppm, 0.2)! - ppm)).toBeLessThan(5)
      expect(Math.abs(measure(ppm, 3)! - ppm)).toBeLessThan(0.5)
      expect(Math.abs(measure(ppm, 100)! - ppm)).toBeLessThan(0.05)
    }
  })

  it('does not mind when a quarter of the time everything is late', () => {
    const late = (second: number) => (second % 3600 < 900 ? 400 : 0)
    expect(Math.abs(measure(50, 10, late)! - 50)).toBeLessThan(2)
  })

  it('says nothing in the first minutes, nor after it was told to forget', () => {
    expect(measure(50, 2 / 60)).toBeUndefined()
    const meter = new DriftMeter()
    for (let second = 0; second < 600; second++) meter.add(second * 1000, 0)
    expect(meter.ppm).toBeCloseTo(0)
    meter.reset()
    expect(meter.ppm).toBeUndefined()
  })
})
