import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeWithTools } from '../../../../tests/e2e/rig/require-tool.js'
import { isTimeZone, nextBoundary, splitLengthMs } from '../../src/time/boundary.js'
import { scanBoundaries, type BoundaryQuestion } from '../support/boundary-oracle.js'

const MINUTE_MS = 60_000
const SPLITS = [1, 5, 7, 15, 20, 45, 60, 90, 120, 180, 1440, 2880]

/** Days on which something happens, as a UTC moment in their midst. */
const DAYS: readonly (readonly [timeZone: string, midst: string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Asia/Kathmandu', '2026-06-01T12:00Z'],
  ['Asia/Kathmandu', '1985-12-31T18:30Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
]

function boundariesOf(from: number, to: number, everyMinutes: number, timeZone: string): number[] {
  const found: number[] = []
  for (
    let at = nextBoundary(from - 1, everyMinutes, timeZone);
    at < to;
    at = nextBoundary(at, everyMinutes, timeZone)
  ) {
    found.push(at)
  }
  return found
}

describeWithTools(['python3'], 'nextBoundary against a second by second scan with zoneinfo', () => {
  const questions: BoundaryQuestion[] = DAYS.flatMap(([timeZone, midst]) => {
    const middle = Date.parse(midst) / 1000
    return [
      { timeZone, from: middle - 54_000, to: middle + 54_000, splitSeconds: SPLITS.map((minutes) => minutes * 60) },
      { timeZone, from: middle - 5_400, to: middle + 5_400, splitSeconds: [3, 18] },
    ]
  })

  it('finds every boundary of the days on which clocks change, and no other', () => {
    const answers = scanBoundaries(questions)
    let compared = 0
    questions.forEach(({ timeZone, from, to, splitSeconds }, question) => {
      splitSeconds.forEach((seconds, split) => {
        const mine = boundariesOf(from * 1000, to * 1000, seconds / 60, timeZone).map((at) => at / 1000)
        expect(mine, `${timeZone} ${new Date(from * 1000).toISOString()} ${seconds / 60} min`).toEqual(
          answers[question][split],
        )
        compared += mine.length
      })
    })
    expect(compared).toBeGreaterThan(50_000)
  })
})

describe('nextBoundary', () => {
  const at = (iso: string) => Date.parse(iso)
  const count = (from: string, to: string, minutes: number, timeZone: string) =>
    boundariesOf(at(from), at(to), minutes, timeZone).length

  it('cuts a repeated hour again and a day of 25 hours 25 times', () => {
    expect(count('2026-10-24T22:00Z', '2026-10-25T23:00Z', 60, 'Europe/Berlin')).toBe(25)
    expect(count('2026-03-28T23:00Z', '2026-03-29T22:00Z', 60, 'Europe/Berlin')).toBe(23)
    expect(count('2026-10-24T22:00Z', '2026-10-25T23:00Z', 1440, 'Europe/Berlin')).toBe(1)
  })

  it('does not cut where the jump stays in its cell', () => {
    const before = at('2026-10-25T00:30Z')
    expect(nextBoundary(before, 180, 'Europe/Berlin')).toBe(at('2026-10-25T02:00Z'))
    expect(nextBoundary(before, 60, 'Europe/Berlin')).toBe(at('2026-10-25T01:00Z'))
  })

  it('is strictly after its argument, which counts as its nearest millisecond', () => {
    const hour = at('2026-01-01T10:00Z')
    expect(nextBoundary(hour - 1, 60, 'UTC')).toBe(hour)
    expect(nextBoundary(hour - 0.4, 60, 'UTC')).toBe(hour + 60 * MINUTE_MS)
    expect(nextBoundary(hour, 60, 'UTC')).toBe(hour + 60 * MINUTE_MS)
  })

  it('ends the last cell of a day at midnight', () => {
    expect(nextBoundary(at('2026-01-01T23:19Z'), 50, 'UTC')).toBe(at('2026-01-01T23:20Z'))
    expect(nextBoundary(at('2026-01-01T23:20Z'), 50, 'UTC')).toBe(at('2026-01-02T00:00Z'))
    expect(nextBoundary(at('2026-01-02T00:00Z'), 50, 'UTC')).toBe(at('2026-01-02T00:50Z'))
  })

  it('counts weeks of local days from 1970-01-01', () => {
    const week = nextBoundary(at('2026-03-27T12:00Z'), 7 * 1440, 'Europe/Berlin')
    expect(week).toBe(at('2026-04-01T22:00Z')) // Thursday, as 1970-01-01 was
    expect(nextBoundary(week, 7 * 1440, 'Europe/Berlin')).toBe(at('2026-04-08T22:00Z'))
  })

  it('uses the time zone of the system by default', () => {
    const system = Intl.DateTimeFormat().resolvedOptions().timeZone
    const now = at('2026-07-01T10:20Z')
    expect(nextBoundary(now, 1440)).toBe(nextBoundary(now, 1440, system))
  })

  it('refuses lengths, moments and zones that are none', () => {
    const refusal = expect.objectContaining({ code: 'ISR_ARGUMENT_INVALID' }) as Error
    for (const minutes of [0, -1, NaN, Infinity, 1e-9]) expect(() => nextBoundary(0, minutes, 'UTC')).toThrow(refusal)
    for (const moment of [NaN, Infinity, 9e15]) expect(() => nextBoundary(moment, 60, 'UTC')).toThrow(refusal)
    expect(() => nextBoundary(0, 60, 'Mars/Olympus')).toThrow(refusal)
    expect(splitLengthMs(0.05)).toBe(3000)
  })

  it('goes from boundary to boundary without skipping any, in every zone and for every length', () => {
    const zones = Intl.supportedValuesOf('timeZone')
    fc.assert(
      fc.property(
        fc.integer({ min: at('1975-01-01'), max: at('2037-01-01') }),
        fc.oneof(fc.integer({ min: 1, max: 4000 }), fc.double({ min: 0.01, max: 200, noNaN: true })),
        fc.constantFrom(...zones),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (after, minutes, zone, share) => {
          const boundary = nextBoundary(after, minutes, zone)
          expect(boundary).toBeGreaterThan(after)
          expect(Number.isInteger(boundary)).toBe(true)
          // A day may be skipped or an hour repeated, but no cell lasts longer than that.
          expect(boundary - after).toBeLessThanOrEqual(splitLengthMs(minutes) + 25 * 60 * MINUTE_MS)
          const between = after + Math.floor((boundary - 1 - after) * share)
          expect(nextBoundary(between, minutes, zone)).toBe(boundary)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('knows names of time zones', () => {
    for (const name of ['UTC', 'Europe/Berlin', 'europe/berlin', 'America/Argentina/Ushuaia', 'Etc/GMT+5']) {
      expect(isTimeZone(name), name).toBe(true)
    }
    for (const name of ['', 'Berlin', '+01:00', 'Z', 'Europe/../etc', 'Mars/Olympus', ' UTC']) {
      expect(isTimeZone(name), name).toBe(false)
    }
  })
})
