import type { LibraryEntry, LibraryGap, LibraryQuiet } from '@isr/core'
import type { DaysAnswer } from '../../api/days.js'
import { dateOf, DAY_SECONDS } from './dates.js'

/** Days as the API tells of them. */
type DayRow = DaysAnswer['days'][number]
type SourceRow = DayRow['sources'][number]

/** Which days are wanted. */
export interface DaysWanted {
  /** First day, `2026-11-22`. */
  readonly from?: string
  /** Last day. */
  readonly to?: string
  /** Names of sources; all without it. */
  readonly sources?: readonly string[]
}

/** Files that join this closely are drawn as one. */
const JOIN_SECONDS = 0.5

/** Counts, lengths, sizes and gaps of each day, in the zone of the recordings. */
export function daysOf(
  entries: readonly LibraryEntry[],
  gaps: readonly LibraryGap[],
  wanted: DaysWanted,
  quiet: readonly LibraryQuiet[] = [],
): readonly DayRow[] {
  const days = new Map<string, Map<string, SourceRow>>()
  const active = new Set<string>()
  const offsets = new Map<string, number>()
  const sources = wanted.sources && new Set(wanted.sources)
  const rowOf = (date: string, source: string): SourceRow | undefined => {
    if ((wanted.from !== undefined && date < wanted.from) || (wanted.to !== undefined && date > wanted.to))
      return undefined
    if (sources && !sources.has(source)) return undefined
    const day = days.get(date) ?? new Map<string, SourceRow>()
    const row = day.get(source) ?? {
      source,
      recordings: 0,
      durationSeconds: 0,
      bytes: 0,
      spans: [],
      quiet: [],
      gaps: [],
    }
    days.set(date, day.set(source, row))
    return row
  }
  for (const entry of entries) {
    const { source, durationSeconds = 0, sizeBytes, utcOffsetMinutes } = entry
    offsets.set(source, utcOffsetMinutes)
    const startSeconds = entry.startedAt / 1000 + utcOffsetMinutes * 60
    const first = Math.floor(startSeconds / DAY_SECONDS)
    const row = rowOf(dateOf(first), source)
    if (row) {
      row.recordings++
      row.durationSeconds += durationSeconds
      row.bytes += sizeBytes
      if (entry.active) active.add(dateOf(first))
    }
    addSpans(startSeconds, durationSeconds, (date) => rowOf(date, source)?.spans)
  }
  for (const { source, from, to, utcOffsetMinutes } of quiet)
    addSpans(from / 1000 + utcOffsetMinutes * 60, (to - from) / 1000, (date) => rowOf(date, source)?.quiet)
  for (const { source, from, to, cause } of gaps) {
    const day = Math.floor((from / 1000 + (offsets.get(source) ?? 0) * 60) / DAY_SECONDS)
    rowOf(dateOf(day), source)?.gaps.push({ from: iso(from), to: iso(to), cause })
  }
  return [...days]
    .sort(([one], [other]) => (one < other ? 1 : -1))
    .map(([date, rows]) => dayRow(date, [...rows.values()], active.has(date)))
}

function dayRow(date: string, sources: readonly SourceRow[], active: boolean): DayRow {
  const sum = (of: (row: SourceRow) => number) => sources.reduce((total, row) => total + of(row), 0)
  const secondsOf = ({ gaps }: SourceRow) =>
    gaps.reduce((total, { from, to }) => total + (Date.parse(to) - Date.parse(from)) / 1000, 0)
  return {
    date,
    recordings: sum((row) => row.recordings),
    durationSeconds: sum((row) => row.durationSeconds),
    bytes: sum((row) => row.bytes),
    active,
    gaps: sum((row) => row.gaps.length),
    gapSeconds: sum(secondsOf),
    sources: [...sources].sort((one, other) => (one.source < other.source ? -1 : 1)),
  }
}

/** What goes on over midnight is seen on both days. */
function addSpans(
  startSeconds: number,
  durationSeconds: number,
  spansOf: (date: string) => [number, number][] | undefined,
): void {
  const endSeconds = startSeconds + durationSeconds
  for (let day = Math.floor(startSeconds / DAY_SECONDS); day * DAY_SECONDS < endSeconds; day++) {
    const midnight = day * DAY_SECONDS
    addSpan(spansOf(dateOf(day)), Math.max(0, startSeconds - midnight), Math.min(DAY_SECONDS, endSeconds - midnight))
  }
}

/** Recordings come in order of time. */
function addSpan(spans: [number, number][] | undefined, from: number, to: number): void {
  if (!spans || to <= from) return
  const last = spans.at(-1)
  if (last && from <= last[1] + JOIN_SECONDS) last[1] = Math.max(last[1], to)
  else spans.push([from, to])
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
