import { describe, expect, it } from 'vitest'
import { isoWeek, localTime, weekOfYear } from '../../src/time/local-time.js'

describe('localTime', () => {
  it('reads calendar and clock of a zone', () => {
    expect(localTime(Date.UTC(2026, 11, 31, 23, 30, 15, 250), 'Asia/Kathmandu')).toEqual({
      year: 2027,
      month: 1,
      day: 1,
      hour: 5,
      minute: 15,
      second: 15,
      millisecond: 250,
      weekday: 5,
      yearDay: 1,
      offsetMs: 20_700_000,
    })
    expect(localTime(Date.UTC(2024, 11, 31, 12), 'UTC').yearDay).toBe(366)
    expect(localTime(-1, 'UTC')).toMatchObject({ year: 1969, month: 12, day: 31, millisecond: 999 })
  })

  it('reads the hour that a clock repeats twice', () => {
    const first = localTime(Date.UTC(2026, 9, 25, 0, 30), 'Europe/Berlin')
    const second = localTime(Date.UTC(2026, 9, 25, 1, 30), 'Europe/Berlin')
    expect([first.hour, first.minute]).toEqual([2, 30])
    expect(second).toEqual({ ...first, offsetMs: first.offsetMs - 3_600_000 })
  })
})

it('weeks are those of ISO 8601 and of the calendar', () => {
  const day = (year: number, month: number, date: number) => localTime(Date.UTC(year, month - 1, date), 'UTC')
  expect(isoWeek(day(2021, 1, 3))).toEqual({ year: 2020, week: 53 })
  expect(isoWeek(day(2024, 12, 30))).toEqual({ year: 2025, week: 1 })
  expect(isoWeek(day(2026, 1, 1))).toEqual({ year: 2026, week: 1 })
  expect(weekOfYear(day(2023, 1, 1), 0)).toBe(1) // a Sunday
  expect(weekOfYear(day(2023, 1, 1), 1)).toBe(0)
})
