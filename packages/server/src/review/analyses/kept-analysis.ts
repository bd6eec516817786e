import { HIGHLIGHT_SCORE_DB } from '@isr/core'

/** Numbers of a section in {@link KeptAnalysis.sections}: start and end in seconds, peak, score. */
export const SECTION_NUMBERS = 4

/** What is known of an analysis that was kept, without its levels. */
export interface KeptAnalysis {
  /** Which detector found the sections. */
  readonly detector: string
  /** Level of a fixed threshold; null for detectors without one. */
  readonly threshold: number | null
  /** Quiet that ends a section, in seconds; null for detectors without it. */
  readonly minGap: number | null
  /** Size of the recording that was analysed; undefined when it does not tell. */
  readonly sizeBytes: number | undefined
  /** Start, end, peak, score of each, in order of time. */
  readonly sections: Float64Array
  /** Sections that stand out. */
  readonly highlights: number
  /** The highest score; null without sections. */
  readonly topScore: number | null
}

/** No recording is longer: a third of a year. */
const MOST_SECONDS = 1e7

type Fields = Readonly<Record<string, unknown>>

/** Reads a file of `analyses`, ours or one of the program before; undefined for anything else. */
export function parseKeptAnalysis(file: Buffer): KeptAnalysis | undefined {
  const value = parsed(withoutLevels(file))
  if (!isFields(value) || !Array.isArray(value.sections) || typeof value.duration !== 'number') return undefined
  const sections = new Float64Array(value.sections.length * SECTION_NUMBERS)
  let topScore: number | null = null
  let highlights = 0
  for (const [index, section] of (value.sections as unknown[]).entries()) {
    if (!isFields(section)) return undefined
    const { start, end, peak, score = decibels(peak) } = section
    const numbers = [start, end, peak, score]
    if (!numbers.every((one): one is number => Number.isFinite(one))) return undefined
    if (numbers[0] < 0 || numbers[1] > MOST_SECONDS) return undefined
    sections.set(numbers, index * SECTION_NUMBERS)
    if (topScore === null || numbers[3] > topScore) topScore = numbers[3]
    if (numbers[3] >= HIGHLIGHT_SCORE_DB) highlights++
  }
  const { detector, threshold, min_gap: minGap, file: mark } = value
  return {
    detector: isFields(detector) && typeof detector.name === 'string' ? detector.name : 'threshold',
    threshold: typeof threshold === 'number' ? threshold : null,
    minGap: typeof minGap === 'number' ? minGap : null,
    sizeBytes: isFields(mark) && typeof mark.bytes === 'number' ? mark.bytes : undefined,
    sections,
    highlights,
    topScore,
  }
}

/** Most of such a file is a list of levels, which nobody needs here. */
function withoutLevels(file: Buffer): string {
  const key = file.indexOf('"rms_display"')
  const from = key < 0 ? -1 : file.indexOf('[', key)
  const to = from < 0 ? -1 : file.indexOf(']', from)
  if (to < 0) return file.toString()
  return `${file.toString('utf8', 0, from + 1)}${file.toString('utf8', to)}`
}

/** The program before kept no score: how loud it is stands for it. */
function decibels(peak: unknown): number {
  return typeof peak === 'number' && peak > 0 ? 20 * Math.log10(peak) : NaN
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
