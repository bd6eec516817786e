import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planStretches } from '../../../src/analysis/spectrum/plan.js'

describe('the plan of a spectrogram', () => {
  it('has windows for every column, inside of what is decoded, and never many places', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        fc.double({ min: 0.001, max: 90_000, noNaN: true }),
        fc.integer({ min: 1, max: 2000 }),
        (startSeconds, seconds, columns) => {
          const options = { startSeconds, endSeconds: startSeconds + seconds, columns, windowSeconds: 0.046 }
          const { isSampled, stretches } = planStretches(options)
          const found = new Set<number>()
          let count = 0
          for (const { fromSeconds, toSeconds, windows } of stretches) {
            count++
            expect(fromSeconds).toBeGreaterThanOrEqual(0)
            expect(toSeconds - fromSeconds).toBeLessThan(isSampled ? 0.2 : 10.2)
            for (const { middleSeconds, column } of windows) {
              expect(middleSeconds).toBeGreaterThanOrEqual(fromSeconds)
              expect(middleSeconds).toBeLessThanOrEqual(toSeconds)
              found.add(column)
            }
          }
          expect(found.size).toBe(columns)
          expect(Math.max(...found)).toBe(columns - 1)
          expect(count).toBeLessThanOrEqual(400)
        },
      ),
      { numRuns: 60 },
    )
  })
})
