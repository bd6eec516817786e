import type { Section } from './detector.js'

/** The `count` sections with the highest scores, the best first; the earlier one first where scores are equal. */
export function topSections(sections: readonly Section[], count: number): Section[] {
  return [...sections].sort((a, b) => b.score - a.score || a.startSeconds - b.startSeconds).slice(0, Math.max(0, count))
}
