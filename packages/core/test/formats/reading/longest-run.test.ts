import { expect, it } from 'vitest'
import { longestRun } from '../../../src/formats/reading/longest-run.js'

it('longestRun is the one of most bytes, the later of equals, and none of none', () => {
  const runs = [{ bytes: 3 }, { bytes: 7 }, { bytes: 7 }, { bytes: 1 }]
  expect(longestRun(runs, ({ bytes }) => bytes)).toBe(runs[2])
  expect(longestRun([], () => 1)).toBeUndefined()
})
