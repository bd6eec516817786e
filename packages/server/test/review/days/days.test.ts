import type { LibraryEntry } from '@isr/core'
import { describe, expect, it } from 'vitest'
import { daysOf } from '../../../src/review/days/days.js'

const entry = (source: string, startedAt: string, durationSeconds: number, active = false): LibraryEntry => ({
  name: `${source}-${startedAt}`,
  source,
  startedAt: Date.parse(startedAt),
  utcOffsetMinutes: 60,
  durationSeconds,
  sizeBytes: 1000,
  state: active ? 'open' : 'closed',
  active,
  titles: [],
})
// local midnight is 23:00 UTC
const entries = [
  entry('a', '2026-11-20T22:00:00.000Z', 3600),
  entry('a', '2026-11-20T23:00:00.000Z', 3600),
  entry('b', '2026-11-21T10:00:00.000Z', 60),
  entry('a', '2026-11-21T22:30:00.000Z', 3600, true),
]
const gaps = [
  {
    source: 'a',
    from: Date.parse('2026-11-21T00:00:00.000Z'),
    to: Date.parse('2026-11-21T00:00:30.000Z'),
    cause: 'ISR_X',
  },
]

const quiet = [
  {
    source: 'a',
    from: Date.parse('2026-11-21T00:01:40.000Z'),
    to: Date.parse('2026-11-21T00:56:40.000Z'),
    utcOffsetMinutes: 60,
  },
  {
    source: 'c',
    from: Date.parse('2026-11-22T22:00:00.000Z'),
    to: Date.parse('2026-11-23T23:30:00.000Z'),
    utcOffsetMinutes: 60,
  },
]

describe('daysOf', () => {
  it('counts by the day on which a recording begins where it was made, and shows it on each day that it touches', () => {
    const days = daysOf(entries, gaps, { to: '2026-11-22', sources: ['a', 'b'] }, quiet)
    expect(days.map(({ date }) => date)).toEqual(['2026-11-22', '2026-11-21', '2026-11-20'])
    expect(days[1]).toEqual({
      date: '2026-11-21',
      recordings: 3,
      durationSeconds: 7260,
      bytes: 3000,
      active: true,
      gaps: 1,
      gapSeconds: 30,
      sources: [
        {
          source: 'a',
          recordings: 2,
          durationSeconds: 7200,
          bytes: 2000,
          spans: [
            [0, 3600],
            [84_600, 86_400],
          ],
          quiet: [[3700, 7000]],
          gaps: [{ from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T00:00:30.000Z', cause: 'ISR_X' }],
        },
        {
          source: 'b',
          recordings: 1,
          durationSeconds: 60,
          bytes: 1000,
          spans: [[39_600, 39_660]],
          quiet: [],
          gaps: [],
        },
      ],
    })
    expect(days[0]).toMatchObject({ recordings: 0, active: false, sources: [{ source: 'a', spans: [[0, 1800]] }] })
    expect(days[2].sources[0].spans).toEqual([[82_800, 86_400]])
  })

  it('shows where nothing was to be heard, also on days on which nothing else was', () => {
    const days = daysOf([], [], {}, quiet.slice(1))
    expect(days.map(({ date, recordings, sources }) => [date, recordings, sources[0].quiet])).toEqual([
      ['2026-11-24', 0, [[0, 1800]]],
      ['2026-11-23', 0, [[0, 86_400]]],
      ['2026-11-22', 0, [[82_800, 86_400]]],
    ])
  })

  it('gives the days and sources that are wanted', () => {
    expect(daysOf(entries, gaps, { from: '2026-11-21', to: '2026-11-21', sources: ['b'] })).toMatchObject([
      { date: '2026-11-21', recordings: 1, gaps: 0, sources: [{ source: 'b' }] },
    ])
  })
})
