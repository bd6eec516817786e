import { describe, expect, it } from 'vitest'
import { findEntries } from '../../src/library/find.js'
import type { LibraryEntry } from '../../src/library/library-entry.js'
import { Timeline } from '../../src/library/timeline.js'

const entry = (index: number, source: string, title?: string): LibraryEntry => ({
  name: `${source}/${index}.mp3`,
  source,
  startedAt: index * 60_000,
  utcOffsetMinutes: 0,
  durationSeconds: 60,
  sizeBytes: 1000,
  state: 'closed',
  active: false,
  titles: title === undefined ? [] : [{ at: '2026-01-01T00:00:00.000Z', sample: 0, title }],
})
const all = Array.from({ length: 100 }, (_, index) =>
  entry(index, index % 2 ? 'Garden' : 'attic', index === 31 ? 'Wren' : undefined),
)
const timeline = new Timeline<LibraryEntry>()
timeline.addAll(all)
const indices = (entries: readonly LibraryEntry[]) => entries.map(({ startedAt }) => startedAt / 60_000)

describe('findEntries', () => {
  it('gives everything, latest first', () => {
    const { entries, total } = findEntries(timeline, {})
    expect(total).toBe(100)
    expect(indices(entries)).toEqual(Array.from({ length: 100 }, (_, index) => 99 - index))
  })

  it('gives pages that follow each other, with and without a filter', () => {
    for (const sources of [undefined, ['Garden']]) {
      const query = sources ? { sources } : {}
      const whole = findEntries(timeline, query)
      const pages = Array.from({ length: 15 }, (_, page) =>
        findEntries(timeline, { ...query, offset: page * 7, limit: 7 }),
      )
      expect(pages.flatMap(({ entries }) => entries)).toEqual(whole.entries)
      expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([whole.total]))
    }
  })

  it('takes a span of time: what sounds in it, not only what begins in it', () => {
    const { entries, total } = findEntries(timeline, { from: 10.5 * 60_000, to: 12 * 60_000 })
    expect(indices(entries)).toEqual([11, 10])
    expect(total).toBe(2)
    expect(indices(findEntries(timeline, { to: 2 * 60_000 }).entries)).toEqual([1, 0])
  })

  it('finds text in names, sources and titles without regard to case', () => {
    expect(indices(findEntries(timeline, { text: 'wREN' }).entries)).toEqual([31])
    expect(findEntries(timeline, { text: 'ATTIC' }).total).toBe(50)
    expect(indices(findEntries(timeline, { text: '/77.' }).entries)).toEqual([77])
    expect(findEntries(timeline, { text: 'nothing has this' })).toEqual({ entries: [], total: 0 })
  })
})
