import { expect, it } from 'vitest'
import { isoWithOffset } from '../../src/time/iso-with-offset.js'
import { parseInstant } from '../../src/time/parse-instant.js'

it('reads what is a moment, and nothing else', () => {
  const at = Date.UTC(2026, 10, 22, 16, 0, 0, 250)
  for (const offset of [0, 60, -210, 765]) expect(parseInstant(isoWithOffset(at, offset))).toBe(at)
  expect(parseInstant('2026-11-22T16:00Z')).toBe(at - 250)
  for (const text of [
    '',
    '2026',
    '2026-11-22',
    '2026-11-22T16:00:00',
    '2026-13-22T16:00:00Z',
    'x2026-11-22T16:00:00Z',
  ]) {
    expect({ text, at: parseInstant(text) }).toEqual({ text, at: undefined })
  }
})
