import { expect, it } from 'vitest'
import { highlights, topSections } from '../../../src/analysis/detectors/ranking.js'

const sections = [14, 3, 30, 12, 30, 11.9].map((score, index) => ({
  startSeconds: index * 10,
  endSeconds: index * 10 + 1,
  peak: 0.1,
  score,
}))
const starts = (some: typeof sections) => some.map(({ startSeconds }) => startSeconds)

it('topSections: the best first, of equals the earlier', () => {
  expect(starts(topSections(sections, 3))).toEqual([20, 40, 0])
  expect(starts(topSections(sections, 99))).toEqual([20, 40, 0, 30, 50, 10])
  expect([0, -1].map((count) => topSections(sections, count))).toEqual([[], []])
  expect(starts(sections)).toEqual([0, 10, 20, 30, 40, 50])
})

it('highlights: what reaches 12 dB, in order of time', () => {
  expect(starts(highlights(sections))).toEqual([0, 20, 30, 40])
  expect(starts(highlights(sections, 30))).toEqual([20, 40])
})
