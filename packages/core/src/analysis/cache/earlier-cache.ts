import { LEVEL_WINDOW_MS } from '../levels/levels.js'
import { decibels } from '../detectors/decibels.js'
import { analysisOf } from '../analysis.js'
import type { Analysis, AnalysisFacts, DetectorFacts } from '../analysis.js'
import { parseJson } from './cached-analysis.js'
import { isNumbers, isObject, isSections } from './is-analysis-json.js'

/** What such a file does not tell of its recording. */
export type EarlierFacts = Pick<AnalysisFacts, 'channels' | 'sampleRateHz' | 'startedAt'>

/**
 * The analysis that the program before this one left in a file of the same name: `{duration, window_ms, threshold, min_gap, rms_display,
 * sections: [{start, end, peak}]}`. It knew a fixed threshold only, and neither size nor time of the recording: whoever asks looks
 * whether the file is newer than that.
 * @returns undefined when it is something else, or of other parameters
 */
export function parseEarlierCache(text: string, facts: EarlierFacts, detector: DetectorFacts): Analysis | undefined {
  const value = parseJson(text)
  if (!isObject(value) || 'v' in value || detector.name !== 'threshold') return undefined
  const { duration, window_ms, threshold, min_gap, rms_display, sections } = value
  const { thresholdRms, minGapSeconds } = detector.parameters
  if (threshold !== thresholdRms || min_gap !== minGapSeconds || window_ms !== LEVEL_WINDOW_MS) return undefined
  if (typeof duration !== 'number' || !(duration > 0) || !isNumbers(rms_display) || !isSections(sections))
    return undefined
  const found = sections.map(({ start, end, peak }) => {
    return { startSeconds: start, endSeconds: end, peak, score: decibels(Math.max(peak, Number.MIN_VALUE)) }
  })
  const analysis = analysisOf({ ...facts, durationSeconds: duration }, new Float32Array(0), detector, {
    sections: found,
    thresholds: [{ startSeconds: 0, rms: thresholdRms }],
  })
  return { ...analysis, rmsDisplay: rms_display }
}
