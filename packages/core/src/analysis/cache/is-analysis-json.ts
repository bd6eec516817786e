import type { AnalysisJson, AnalysisSectionJson } from './analysis-json.js'

type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object with fields. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value is a list of numbers. */
export function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isNumber)
}

/** Whether a value is a list of sections; the score may be missing. */
export function isSections(value: unknown): value is (Omit<AnalysisSectionJson, 'score'> & { score?: number })[] {
  return Array.isArray(value) && value.every((one) => isObject(one) && [one.start, one.end, one.peak].every(isNumber))
}

/** Whether a value is an analysis as we write it: caches may be torn, or of others. */
export function isAnalysisJson(value: Fields): value is Fields & AnalysisJson {
  const { duration, window_ms, channels, sample_rate, started_at, detector, rms_display, sections, loudness } = value
  const { thresholds } = value
  return (
    [duration, window_ms, channels, sample_rate].every(isNumber) &&
    (started_at === undefined || typeof started_at === 'string') &&
    isObject(detector) &&
    typeof detector.name === 'string' &&
    isNumber(detector.version) &&
    isObject(detector.parameters) &&
    isNumbers(rms_display) &&
    isSections(sections) &&
    sections.every(({ score }) => isNumber(score)) &&
    (thresholds === undefined || isThresholds(thresholds)) &&
    (loudness === undefined || (isObject(loudness) && Object.values(loudness).every(isNumber)))
  )
}

function isThresholds(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => isObject(one) && isNumber(one.start) && isNumber(one.rms))
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}
