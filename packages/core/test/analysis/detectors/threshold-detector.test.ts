import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ThresholdDetector } from '../../../src/analysis/detectors/threshold-detector.js'
import { levels } from './levels.js'
import { detect, spans } from './run-detector.js'

const quiet = -60

describe('ThresholdDetector', () => {
  it('is the detector of the ancestor unless it is told otherwise', () => {
    const { name, parameters, version } = new ThresholdDetector()
    expect({ name, parameters, version }).toEqual({
      name: 'threshold',
      parameters: { thresholdRms: 0.05, minGapSeconds: 2 },
      version: 1,
    })
  })

  it('finds what is above the level, not what reaches it', () => {
    const rms = Float32Array.of(0.1, 0.25, 0.1, 0.5, 0.5, 0.1)
    const detector = new ThresholdDetector({ thresholdRms: 0.25, minGapSeconds: 0 })
    expect(detect(detector, rms)).toEqual([
      { startSeconds: 0.3, endSeconds: 0.5, peak: 0.5, score: expect.closeTo(-6.02, 2) },
    ])
    expect(detector.start().thresholds).toEqual([{ startSeconds: 0, rms: 0.25 }])
  })

  it('joins what is closer than the gap, and nothing that is as far', () => {
    const closer = levels([1, quiet], [1, -10], [1.9, quiet], [1, -12], [5, quiet])
    expect(spans(detect(new ThresholdDetector(), closer))).toEqual([[1, 4.9]])
    const asFar = levels([1, quiet], [1, -10], [2, quiet], [1, -12], [5, quiet])
    expect(spans(detect(new ThresholdDetector(), asFar))).toEqual([
      [1, 2],
      [4, 5],
    ])
    expect(spans(detect(new ThresholdDetector({ minGapSeconds: 2.05 }), asFar))).toEqual([[1, 5]])
  })

  it('finds a section at either end, and one window alone', () => {
    expect(spans(detect(new ThresholdDetector(), levels([0.1, -3], [10, quiet], [0.5, -3])))).toEqual([
      [0, 0.1],
      [10.1, 10.6],
    ])
    expect(detect(new ThresholdDetector(), new Float32Array())).toEqual([])
  })

  it('scores by the peak in dBFS', () => {
    const sections = detect(new ThresholdDetector(), levels([1, -20], [0.2, -6], [1, -20]))
    expect(sections.map(({ score }) => Math.round(score * 1000) / 1000)).toEqual([-6])
  })

  it('shows the open section while it grows', () => {
    const detection = new ThresholdDetector().start()
    detection.push(levels([1, quiet], [1, -10]))
    expect(spans(detection.sections)).toEqual([[1, 2]])
    detection.push(levels([1, -10], [3, quiet], [1, -10]))
    expect(spans(detection.sections)).toEqual([
      [1, 3],
      [6, 7],
    ])
    expect(detection.finish()).toEqual(detection.sections)
  })

  it('gives the same sections however levels are cut', () => {
    const level = fc.constantFrom(-60, -40, -20, -10)
    const stretch = fc.tuple(fc.double({ min: 0.1, max: 4, noNaN: true }), level)
    const property = fc.property(fc.array(stretch), fc.array(fc.nat({ max: 30 })), (stretches, sizes) => {
      const rms = levels(...stretches)
      const detection = new ThresholdDetector().start()
      let from = 0
      for (const size of sizes) detection.push(rms.subarray(from, (from += size)))
      detection.push(rms.subarray(from))
      expect(detection.finish()).toEqual(detect(new ThresholdDetector(), rms))
    })
    fc.assert(property, { numRuns: 200 })
  })

  it.each([
    [{ thresholdRms: -0.1 }, 'thresholdRms is -0.1: expected a number from 0 to 1'],
    [{ thresholdRms: NaN }, 'thresholdRms is NaN: expected a number from 0 to 1'],
    [{ minGapSeconds: -1 }, 'minGapSeconds is -1: expected a number from 0 to 3600'],
  ])('refuses %o', (options, message) => {
    expect(() => new ThresholdDetector(options)).toThrow(
      expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID', message }),
    )
  })
})
