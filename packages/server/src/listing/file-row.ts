import { formatUtcOffset, type LibraryEntry } from '@isr/core'
import type { FileRow } from '../api/recordings.js'
import { SECTION_NUMBERS, type KeptAnalysis } from '../review/analyses/kept-analysis.js'

/** A recording as the API tells of it. */
export function fileRow(entry: LibraryEntry, analysis: KeptAnalysis | undefined): FileRow {
  return {
    name: entry.name,
    source: entry.source,
    startedAt: new Date(entry.startedAt).toISOString(),
    utcOffset: formatUtcOffset(entry.utcOffsetMinutes),
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
    analysis: analysis ? summaryOf(analysis) : null,
  }
}

function summaryOf(analysis: KeptAnalysis): FileRow['analysis'] {
  const { detector, threshold, minGap, sections, highlights, topScore } = analysis
  return { detector, threshold, minGap, sections: sections.length / SECTION_NUMBERS, highlights, topScore }
}
