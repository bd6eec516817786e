import type { EpochMs } from '../../model.js'
import type { Analysis, DetectorFacts } from '../analysis.js'
import { analysisFromJson, analysisToJson, type AnalysisJson } from './analysis-json.js'
import { isAnalysisJson, isObject } from './is-analysis-json.js'

/** Changes when what older versions wrote may not be used any more. */
const CACHE_VERSION = 1

/** Which version of a file an analysis is of. */
export interface FileMark {
  /** Size of the recording. */
  readonly sizeBytes: number
  /** Its last change. */
  readonly modifiedAt: EpochMs
}

/** What an analysis is wanted of, and how. */
export interface AnalysisKey {
  /** The recording as it is now. */
  readonly file: FileMark
  /** The detector. */
  readonly detector: DetectorFacts
  /** Whether loudness is wanted. */
  readonly loudness: boolean
}

/** The text of a file in `analyses`. */
export function cacheText(analysis: Analysis, { sizeBytes, modifiedAt }: FileMark): string {
  const file = { bytes: sizeBytes, modified: Math.trunc(modifiedAt) }
  return `${JSON.stringify({ v: CACHE_VERSION, file, ...analysisToJson(analysis) })}\n`
}

/** The analysis that a file in `analyses` holds, when it is the one that is wanted; whatever else stands there is none. */
export function parseCache(text: string, key: AnalysisKey): Analysis | undefined {
  const value = parseJson(text)
  if (!isObject(value) || value.v !== CACHE_VERSION || !isObject(value.file) || !isAnalysisJson(value)) return undefined
  const { bytes, modified } = value.file
  if (bytes !== key.file.sizeBytes || modified !== Math.trunc(key.file.modifiedAt)) return undefined
  if (!isSameDetector(value, key.detector) || (key.loudness && !value.loudness)) return undefined
  return analysisFromJson(value)
}

/** JSON of anybody; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined // torn, or not ours
  }
}

function isSameDetector({ detector }: AnalysisJson, { name, version, parameters }: DetectorFacts): boolean {
  const names = Object.keys(parameters)
  return (
    detector.name === name &&
    detector.version === version &&
    names.length === Object.keys(detector.parameters).length &&
    names.every((key) => detector.parameters[key] === parameters[key])
  )
}
