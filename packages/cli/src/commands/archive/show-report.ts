import type { Finding, VerifyReport } from '@isr/core'
import { formatBytes, formatDuration } from '../../output/units.js'
import type { Output } from '../../output/output.js'
import { paint } from '../../output/plain-lines.js'
import { printable } from '../../output/safe-text.js'

/** More is for programs. */
const MOST_SHOWN = 25

/** The result of a verification for people: what is wrong first, then the sums. */
export function showReport(output: Output, report: VerifyReport): void {
  const faults = report.findings.filter(({ severity }) => severity === 'fault')
  const notes = report.findings.filter(({ severity }) => severity === 'note')
  show(output, faults, report.faults, 'ERROR')
  show(output, notes, report.notes, 'WARNING')
  const { recordings, seconds, bytes, runs, gaps, gapSeconds, seams, quietSeconds, sealed } = report
  const facts = [
    `${plural(recordings, 'recording')} in ${plural(runs, 'run')}`,
    `${formatDuration(seconds)} of audio`,
    `${formatBytes(bytes)} read`,
    gaps > 0 ? `${plural(gaps, 'gap')} of ${formatDuration(gapSeconds)} in all` : 'no gap',
    ...(seams > 0 ? [plural(seams, 'seam')] : []),
    ...(quietSeconds > 0 ? [`${formatDuration(quietSeconds)} of quiet not recorded`] : []),
    ...(sealed > 0 ? [`${sealed} sealed`] : []),
  ]
  const verdict = report.isGood ? 'all is well' : plural(report.faults, 'fault')
  output.write(`${printable(report.location)}: ${facts.join(', ')}\n`)
  output.write(
    `${paint(`${printable(report.location)}: ${verdict}`, report.isGood ? 'INFO' : 'ERROR', output.hasColors)}\n`,
  )
}

function show(output: Output, findings: readonly Finding[], total: number, level: 'ERROR' | 'WARNING'): void {
  const shown = findings.slice(0, MOST_SHOWN)
  const width = Math.max(0, ...shown.map(({ code }) => code.length))
  for (const finding of shown) {
    const { severity, code, message } = finding
    const text = `${severity}  ${code.padEnd(width)}  ${printable(message + placeOf(finding))}`
    output.write(`${paint(text, level, output.hasColors)}\n`)
  }
  if (total > shown.length) output.write(`... and ${total - shown.length} more; --json tells all\n`)
}

function placeOf({ line, name, run, source }: Finding): string {
  if (line !== undefined) return ` (ledger line ${line})`
  return name === undefined && run ? ` (${source}, run ${run})` : ''
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
