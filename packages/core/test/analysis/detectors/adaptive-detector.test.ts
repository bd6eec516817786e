import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { AdaptiveDetector } from '../../../src/analysis/detectors/adaptive-detector.js'
import { topSections } from '../../../src/analysis/detectors/ranking.js'
import { ThresholdDetector } from '../../../src/analysis/detectors/threshold-detector.js'
import { random } from '../../support/random.js'
import { levels, type Stretch } from './levels.js'
import { numpySections } from './numpy-adaptive.js'
import { detect, spans } from './run-detector.js'

const adaptive = new AdaptiveDetector()
const db = (rms: number) => Math.round(2000 * Math.log10(rms)) / 100

/** A minute of background before and after. */
const within = (...stretches: readonly Stretch[]) => levels([60, -50], ...stretches, [60, -50])

/** A recording of `seconds` in which noise wanders and things happen, at random. */
function busy(seed: number, seconds: number): Float32Array {
  const next = random(seed)
  const rms = new Float32Array(Math.round(seconds * 10))
  let base = -70 + next() * 40
  let event = 0
  for (let window = 0; window < rms.length; window++) {
    base = Math.min(-25, Math.max(-75, base + (next() - 0.5) * 0.6))
    if (next() < 0.02) event = next() * 40
    event *= next() < 0.1 ? 0 : 0.93
    rms[window] = 10 ** ((base + event + (next() - 0.5) * 4) / 20)
    if (next() < 0.002) rms[window] = 0
  }
  return rms
}

describe('AdaptiveDetector', () => {
  it('tells what decides', () => {
    expect(adaptive).toMatchObject({ name: 'adaptive', version: 1 })
    expect(adaptive.parameters).toEqual({
      marginDb: 12,
      minGapSeconds: 2,
      minDurationSeconds: 0.5,
      heldSeconds: 0.3,
      floorPercentile: 20,
      floorBlockSeconds: 30,
      floorSmoothingBlocks: 2,
      lowestFloorDb: -54,
      onsetSeconds: 0.5,
    })
  })

  it('finds what is 12 dB above the floor, at any floor', () => {
    for (const floor of [-50, -40, -30, -20]) {
      const reaching = levels([60, floor], [1, floor + 12.01], [60, floor])
      expect(spans(detect(adaptive, reaching))).toEqual([[60, 61]])
      expect(detect(adaptive, levels([60, floor], [1, floor + 11.99], [60, floor]))).toEqual([])
    }
  })

  it('gives the peak as it is, and a score over the floor', () => {
    const [section] = detect(adaptive, within([1, -20]))
    expect(db(section.peak)).toBe(-20)
    expect(section.score).toBeCloseTo(30, 3)
  })

  it('knows no floor below -54 dBFS', () => {
    expect(detect(adaptive, levels([60, -90], [1, -43], [60, -90]))).toEqual([])
    const [section] = detect(adaptive, levels([60, -90], [1, -30], [60, -90]))
    expect(section.score).toBeCloseTo(24, 3)
    expect(detect(adaptive, new Float32Array(3000))).toEqual([])
  })

  it('lets pops vanish, alone and in pairs', () => {
    expect(detect(adaptive, within([0.1, -5], [10, -50], [0.2, -5], [10, -50], [0.4, -5]))).toEqual([])
    expect(detect(adaptive, within([0.1, -5], [1, -50], [0.1, -5]))).toEqual([])
  })

  it('joins barks first and looks at their length then', () => {
    const barks = within([0.2, -20], [1, -50], [0.2, -20])
    expect(spans(detect(adaptive, barks))).toEqual([[60, 61.4]])
    expect(detect(new AdaptiveDetector({ minGapSeconds: 0.5 }), barks)).toEqual([])
  })

  it('ranks a burst of 1 s above a swell of 8 s that grows by 26 dB', () => {
    const rms = within([4, -50, -24], [4, -24, -50], [30, -50], [1, -30])
    const sections = detect(adaptive, rms)
    expect(sections).toHaveLength(2)
    expect(sections[0].peak).toBeGreaterThan(sections[1].peak)
    expect(topSections(sections, 1)).toEqual([sections[1]])
    expect(sections[1].score).toBeCloseTo(20, 1)
    expect(sections[0].score).toBeLessThan(4)
    const fixed = detect(new ThresholdDetector({ thresholdRms: 0.02 }), rms)
    expect(topSections(fixed, 1)).toEqual([fixed[0]])
  })

  it('lets no pop in a gust make the gust matter', () => {
    const [gust] = detect(adaptive, within([4, -50, -30], [0.2, -5], [4, -30, -50]))
    expect(db(gust.peak)).toBe(-5)
    expect(gust.score).toBeLessThan(6)
  })

  it('follows rain that comes, as a fixed threshold can not', () => {
    const rain = levels([120, -55], [300, -55, -25], [120, -25])
    expect(detect(adaptive, rain)).toEqual([])
    expect(spans(detect(new ThresholdDetector(), rain))).toEqual([[409.8, 540]])
  })

  it('takes what goes on for minutes for background, not what lasts a minute', () => {
    const pump = detect(adaptive, levels([300, -50], [60, -30], [300, -50]))
    expect(spans(pump)).toEqual([[300, 360]])
    const [start] = spans(detect(adaptive, levels([300, -50], [600, -30])))
    expect(start).toEqual([300, 360])
  })

  it('takes the pauses of a talk that fills four fifths of the time', () => {
    const talk = Array.from({ length: 40 }, () => [[6.8, -25] as const, [2.2, -50] as const]).flat()
    expect(detect(adaptive, levels(...talk))).toHaveLength(40)
  })

  it('scores on the floor what is under way when the file begins, whatever way it grows', () => {
    const cut = levels([2, -35, -20], [2, -20, -40], [60, -50])
    expect(detect(adaptive, cut)[0].score).toBeCloseTo(29, 0)
    const later = levels([0.5, -50], [2, -35, -20], [2, -20, -40], [60, -50])
    expect(detect(adaptive, later)[0]).toMatchObject({ startSeconds: 0.5, score: expect.closeTo(16.5, 0) })
  })

  it('lets a few silent windows at the end of a file change nothing before them', () => {
    const whole = levels([120, -30], [1, -10], [59, -30])
    expect(spans(detect(adaptive, levels([120, -30], [1, -10], [59, -30], [2, -100])))).toEqual(
      spans(detect(adaptive, whole)),
    )
  })

  it('takes a short file for one block', () => {
    expect(spans(detect(adaptive, levels([3, -50], [1, -20], [1, -50])))).toEqual([[3, 4]])
    expect(detect(adaptive, levels([0.3, -20]))).toEqual([])
    expect(detect(adaptive, new Float32Array())).toEqual([])
  })

  it('tells the line that was to be reached', () => {
    const detection = adaptive.start()
    detection.push(levels([150, -50], [150, -40]))
    const told = detection.thresholds.map(({ startSeconds, rms }) => [startSeconds, db(rms)])
    expect(told).toEqual([
      [0, -38],
      [210, -28],
    ])
  })

  it('gives the same sections one window at a time, in any blocks, or all at once', () => {
    const sizes = fc.array(fc.nat({ max: 700 }), { maxLength: 30 })
    const property = fc.property(fc.integer(), fc.integer({ min: 0, max: 400 }), sizes, (seed, seconds, cuts) => {
      const rms = busy(seed, seconds)
      const expected = detect(adaptive, rms)
      const [blocks, singly] = [adaptive.start(), adaptive.start()]
      let from = 0
      for (const size of cuts) blocks.push(rms.subarray(from, (from += size)))
      blocks.push(rms.subarray(from))
      for (let window = 0; window < rms.length; window++) singly.push(rms.subarray(window, window + 1))
      expect(blocks.finish()).toEqual(expected)
      expect(singly.finish()).toEqual(expected)
      expect(singly.thresholds).toEqual(blocks.thresholds)
    })
    fc.assert(property, { numRuns: 60 })
  })

  it('shows at any time what the recording would have if it ended there, and changes no more what is 92 s old', () => {
    const rms = busy(7, 900)
    const detection = adaptive.start()
    const final = detect(adaptive, rms)
    let looks = 0
    for (let from = 0; from < rms.length; from += 170) {
      detection.push(rms.subarray(from, from + 170))
      const so = detection.sections
      expect(so).toEqual(detect(adaptive, rms.subarray(0, from + 170)))
      const settled = (from + 170) / 10 - 92
      const old = ({ endSeconds }: { endSeconds: number }) => endSeconds < settled
      expect(so.filter(old)).toEqual(final.filter(old))
      looks += so.filter(old).length
    }
    expect(looks).toBeGreaterThan(30)
  })

  it('keeps what it was given, not the array it came in', () => {
    const detection = adaptive.start()
    const block = new Float32Array(10)
    const rms = within([1, -20])
    for (let from = 0; from < rms.length; from += 10) {
      block.set(rms.subarray(from, from + 10))
      detection.push(block)
    }
    expect(detection.finish()).toEqual(detect(adaptive, rms))
  })

  it.each([
    [{ marginDb: 0 }, 'marginDb is 0: expected a number from 1 to 100'],
    [{ minDurationSeconds: -1 }, 'minDurationSeconds is -1: expected a number from 0 to 3600'],
    [{ heldSeconds: NaN }, 'heldSeconds is NaN: expected a number from 0 to 60'],
    [{ floorPercentile: 101 }, 'floorPercentile is 101: expected a number from 1 to 100'],
    [{ floorBlockSeconds: 0 }, 'floorBlockSeconds is 0: expected a number from 1 to 3600'],
    [{ floorSmoothingBlocks: -1 }, 'floorSmoothingBlocks is -1: expected a number from 0 to 100'],
    [{ lowestFloorDb: 6 }, 'lowestFloorDb is 6: expected a number from -200 to 0'],
    [{ onsetSeconds: 0 }, 'onsetSeconds is 0: expected a number from 0.1 to 60'],
  ])('refuses %o', (options, message) => {
    expect(() => new AdaptiveDetector(options)).toThrow(
      expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID', message }),
    )
  })
})

describeWithTools(['python3'], 'AdaptiveDetector against the same rules in numpy', () => {
  it('finds the same sections with the same scores', () => {
    const recordings = Array.from({ length: 60 }, (_, seed) => busy(seed + 1, 5 + 11 * seed))
    const oracle = numpySections(recordings)
    const found = recordings.map((rms) => detect(adaptive, rms))
    expect(found.flat().length).toBeGreaterThan(300)
    const windows = found.map((sections) => spans(sections).map((span) => span.map((at) => Math.round(at * 10))))
    expect(windows).toEqual(oracle.map((sections) => sections.map(([first, end]) => [first, end])))
    for (const [index, { score }] of found.flat().entries()) expect(score).toBeCloseTo(oracle.flat()[index][2], 6)
  })
})
