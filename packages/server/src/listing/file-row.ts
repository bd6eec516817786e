import type { LibraryEntry } from '@isr/core'
import type { FileRow } from '../api/recordings.js'

/** A recording as the API tells of it. */
export function fileRow(entry: LibraryEntry): FileRow {
  return {
    name: entry.name,
    source: entry.source,
    startedAt: new Date(entry.startedAt).toISOString(),
    utcOffset: utcOffset(entry.utcOffsetMinutes),
    size: entry.sizeBytes,
    durationSeconds: entry.durationSeconds ?? null,
    active: entry.active,
    state: entry.state,
    format: entry.format ?? null,
    codec: entry.codec ?? null,
    sampleRate: entry.sampleRateHz ?? null,
    channels: entry.channels ?? null,
    run: entry.run ?? null,
    closedBy: entry.closedBy ?? null,
    titles: entry.titles.map(({ at, sample, title }) => ({ at, sample, title })),
  }
}

/** `+01:00` */
export function utcOffset(minutes: number): string {
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
}
