import { topSections, type Analysis, type Section } from '@isr/core'
import type { Output } from '../../output/output.js'
import { printable } from '../../output/safe-text.js'
import { formatDuration, localTime } from '../../output/units.js'
import { formatPosition } from '../edit/position.js'

/** What happened in a recording, for people: one line of facts, then a table of its sections. */
export function showAnalysis(output: Output, file: string, analysis: Analysis, top: number | undefined): void {
  const { sections, startedAt } = analysis
  output.write(`${printable(file)}: ${factsOf(analysis).join(', ')}\n`)
  const shown = top === undefined ? sections : topSections(sections, top)
  if (shown.length === 0) return
  const header = ['start', 'end', 'duration', 'peak dB', 'score', ...(startedAt === undefined ? [] : ['at'])]
  const rows = [header, ...shown.map((section) => cellsOf(section, startedAt))]
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows) output.write(`  ${row.map((cell, column) => cell.padStart(widths[column])).join('  ')}\n`)
}

function factsOf({ durationSeconds, sections, detector, channels, sampleRateHz, loudness }: Analysis): string[] {
  const { integratedLufs, rangeLu, truePeakDbtp } = loudness ?? {}
  return [
    formatDuration(durationSeconds),
    `${sampleRateHz} Hz`,
    `${channels} channel${channels === 1 ? '' : 's'}`,
    ...(integratedLufs === undefined ? [] : [`${integratedLufs.toFixed(1)} LUFS`]),
    ...(rangeLu === undefined ? [] : [`range ${rangeLu.toFixed(1)} LU`]),
    ...(truePeakDbtp === undefined ? [] : [`true peak ${truePeakDbtp.toFixed(1)} dB`]),
    `${sections.length} section${sections.length === 1 ? '' : 's'} (${detector.name})`,
  ]
}

function cellsOf({ startSeconds, endSeconds, peak, score }: Section, startedAt: number | undefined): string[] {
  return [
    formatPosition(startSeconds),
    formatPosition(endSeconds),
    `${(endSeconds - startSeconds).toFixed(1)} s`,
    (20 * Math.log10(peak)).toFixed(1),
    score.toFixed(1),
    ...(startedAt === undefined ? [] : [localTime(startedAt + startSeconds * 1000)]),
  ]
}
