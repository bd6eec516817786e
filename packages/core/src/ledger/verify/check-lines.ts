import { ADOPTED_RUN } from '../entry.js'
import type { Findings } from './finding.js'
import type { KnownFile, KnownRun, LedgerIndex } from './ledger-index.js'

/** The start of a run may be learnt better while its first file is written, by as much as a burst is long. */
const RETIMED_MS = 10_000
/** Facts that are entered twice: when a file is opened, and when it is closed. */
const TWICE = [
  'source',
  'run',
  'name',
  'format',
  'codec',
  'sampleRate',
  'channels',
  'headerBytes',
  'continues',
] as const

/** Compares what lines say with themselves and with each other. */
export function checkLines(index: LedgerIndex, findings: Findings): void {
  const isFirst = ({ recording }: KnownFile) => recording !== undefined && index.isFirst(recording)
  for (const run of index.runs.values()) {
    for (const file of run.files.values()) checkFileLines(run, file, isFirst(file), findings)
  }
  for (const gap of index.gaps) {
    const seconds = (Date.parse(gap.to) - Date.parse(gap.from)) / 1000
    if (Math.abs(seconds - gap.seconds) > 0.002)
      findings.fault('line-contradicts', gap, `a gap of ${gap.seconds} s, but from ${gap.from} to ${gap.to}`)
    if (gap.run !== '' && index.runs.get(gap.run)?.source !== gap.source)
      findings.fault('line-contradicts', gap, `a gap behind run ${gap.run}, which is none of ${gap.source}`)
  }
}

function checkFileLines(
  run: KnownRun,
  { open, recording, failed }: KnownFile,
  isFirst: boolean,
  findings: Findings,
): void {
  if (!recording) return
  const differs = (what: string) => findings.fault('line-contradicts', recording, what)
  const { samples, sampleRate, durationSeconds, bytes, headerBytes, frames, closedBy } = recording
  if (Math.abs(samples / sampleRate - durationSeconds) > 1e-6)
    differs(`${samples} samples at ${sampleRate} Hz are not ${durationSeconds} s`)
  // of a file that its volume let down at once not even the head may be durable
  const isHeadless = closedBy === 'error' && frames === 0
  if (headerBytes > bytes && !isHeadless) differs(`a header of ${headerBytes} bytes in a file of ${bytes}`)
  if (frames > samples && samples > 0) differs(`${frames} frames, but ${samples} samples`)
  if (!open) {
    if (!run.id.startsWith(ADOPTED_RUN)) differs('it was closed, but no line tells that it was opened')
    return
  }
  for (const key of TWICE) {
    if (open[key] !== undefined && open[key] !== recording[key])
      differs(`${key} is ${recording[key]}, but was ${open[key]} when it was opened in line ${open.line}`)
  }
  if (open.prerollFrames !== undefined && open.prerollFrames !== recording.prerollFrames && frames > 0)
    differs(`prerollFrames is ${recording.prerollFrames}, but was ${open.prerollFrames} when it was opened`)
  const movedMs = Math.abs(Date.parse(open.startedAt) - Date.parse(recording.startedAt))
  const mayMove = isFirst ? RETIMED_MS : 0
  if (movedMs > mayMove) differs(`startedAt is ${recording.startedAt}, but was ${open.startedAt} when it was opened`)
  if (movedMs === 0 && open.utcOffset !== recording.utcOffset)
    differs(`utcOffset is ${recording.utcOffset}, but was ${open.utcOffset} when it was opened`)
  if (failed && failed.receivedBytes !== recording.receivedBytes)
    differs(`receivedBytes is ${recording.receivedBytes}, but was ${failed.receivedBytes} before it was repaired`)
}
