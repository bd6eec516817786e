import { describe, expect, it } from 'vitest'
import { formatUtcOffset, isoWithOffset } from '../../src/time/iso-with-offset.js'

describe('isoWithOffset', () => {
  const at = Date.UTC(2026, 11, 31, 23, 30, 0, 250)

  it('writes the moment as its place does', () => {
    expect(isoWithOffset(at, 0)).toBe('2026-12-31T23:30:00.250+00:00')
    expect(isoWithOffset(at, 60)).toBe('2027-01-01T00:30:00.250+01:00')
    expect(isoWithOffset(at, -570)).toBe('2026-12-31T14:00:00.250-09:30')
    expect(isoWithOffset(at, 765)).toBe('2027-01-01T12:15:00.250+12:45')
  })

  it('writes the moment it was given, whatever the offset', () => {
    for (const offset of [-720, -90, -1, 0, 1, 345, 840]) expect(Date.parse(isoWithOffset(at, offset))).toBe(at)
  })
})

describe('formatUtcOffset', () => {
  it.each([
    [0, '+00:00'],
    [60, '+01:00'],
    [-210, '-03:30'],
    [765, '+12:45'],
    [-44.6, '-00:45'],
    [-0.4, '+00:00'],
  ])('writes %d minutes as %s', (minutes, text) => {
    expect(formatUtcOffset(minutes)).toBe(text)
  })
})
