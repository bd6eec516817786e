import { expect, it } from 'vitest'
import { describeWithTools } from '../../../../../tests/e2e/rig/require-tool.js'
import { AdaptiveDetector } from '../../../src/analysis/detectors/adaptive-detector.js'
import { highlights, topSections } from '../../../src/analysis/detectors/ranking.js'
import { ThresholdDetector } from '../../../src/analysis/detectors/threshold-detector.js'
import { corpus, HELD_OUT_SEEDS, TUNING_SEEDS } from './corpus/corpus.js'
import { judge, precision, recall, total } from './corpus/judge.js'
import { detect } from './run-detector.js'

// 80 minutes of the 4 h that docs/detectors.md publishes
describeWithTools(['espeak-ng'], 'detectors on recordings of which all is known', () => {
  const scenes = corpus(HELD_OUT_SEEDS.slice(0, 1))
  const files = scenes.flatMap((one) => one.files)
  const sectionsOf = new Map(files.map((file) => [file, detect(new AdaptiveDetector(), file.rms)]))
  const adaptive = total(files.map((file) => judge(file, highlights(sectionsOf.get(file)!))))

  it('are measured on what they were not worked on with', () => {
    expect(HELD_OUT_SEEDS.filter((seed) => TUNING_SEEDS.includes(seed))).toEqual([])
  })

  it('are of 80 minutes in eight places, with events that splits cut', () => {
    expect(files.reduce((sum, { rms }) => sum + rms.length, 0)).toBeGreaterThanOrEqual(8 * 6000)
    expect(scenes).toHaveLength(8)
    expect(adaptive.events).toBeGreaterThan(230)
    expect(files.flatMap(({ events }) => events).filter(({ cut }) => cut).length).toBeGreaterThan(15)
  })

  it('adaptive: nineteen in twenty events are found, nine in ten highlights are right', () => {
    expect(recall(adaptive)).toBeGreaterThanOrEqual(0.95)
    expect(precision(adaptive)).toBeGreaterThanOrEqual(0.9)
  })

  it('adaptive: what happened has the highest scores', () => {
    const ranked = files.map((file) => judge(file, topSections(sectionsOf.get(file)!, file.events.length)))
    expect(precision(total(ranked))).toBeGreaterThanOrEqual(0.9)
  })

  it('threshold: no level does as well', () => {
    for (const thresholdRms of [0.01, 0.02, 0.05, 0.1]) {
      const fixed = total(files.map((file) => judge(file, detect(new ThresholdDetector({ thresholdRms }), file.rms))))
      expect(recall(fixed) >= 0.95 && precision(fixed) >= 0.9).toBe(false)
      expect(precision(fixed)).toBeLessThan(precision(adaptive))
    }
  })
})
