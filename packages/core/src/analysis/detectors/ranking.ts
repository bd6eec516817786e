import type { Section } from './detector.js'

/**
 * From this score on a section of the {@link AdaptiveDetector} is a highlight: it rose by the default margin within half a second.
 * Gusts, far cars and rain stay below, whatever they reach. What that finds and what it misses: docs/detectors.md.
 */
export const HIGHLIGHT_SCORE_DB = 12

/** The sections that matter, in order of time. */
export function highlights(sections: readonly Section[], minScoreDb = HIGHLIGHT_SCORE_DB): Section[] {
  return sections.filter(({ score }) => score >= minScoreDb)
}

/** The `count` sections with the highest scores, the best first; the earlier one first where scores are equal. */
export function topSections(sections: readonly Section[], count: number): Section[] {
  return [...sections].sort((a, b) => b.score - a.score || a.startSeconds - b.startSeconds).slice(0, Math.max(0, count))
}
