import { expect, it } from 'vitest'
import { commentStart } from '../../../src/formats/reading/comment-start.js'

it('prefers our own tag, takes a date that is a moment, and no other', () => {
  const at = Date.UTC(2026, 10, 22, 16)
  expect(commentStart({ isr_start: String(at * 1000), date: '1959' })).toBe(at)
  expect(commentStart({ isr_start: 'yesterday', date: '2026-11-22T17:00:00+01:00' })).toBe(at)
  expect(commentStart({ date: '1959' })).toBeUndefined()
  expect(commentStart({})).toBeUndefined()
})
