import { ADOPTED_RUN } from '../entry.js'
import { isUnfinished } from '../read/ledger-scan.js'
import type { Findings } from './finding.js'
import type { KnownFile, KnownRun, LedgerIndex } from './ledger-index.js'

/** Times are whole milliseconds, and time itself is corrected by at most 500 ppm while a file is written. */
const ROUNDING_SECONDS = 0.002
const SLEW = 600e-6

type Closed = NonNullable<KnownFile['recording']>

/** Checks that runs are whole: no recording missing, each joins the one before, and all bytes are accounted for. */
export function checkRuns(index: LedgerIndex, findings: Findings): void {
  for (const run of index.runs.values()) {
    if (run.id.startsWith(ADOPTED_RUN) || run.id === '') continue
    checkSequence(run, findings)
    checkJoints(run, findings)
    checkLaw(run, findings)
  }
}

function checkSequence(run: KnownRun, findings: Findings): void {
  const { id, source, files } = run
  const last = Math.max(-1, ...files.keys())
  const missing: number[] = []
  for (let seq = 0; seq <= last && missing.length < 100; seq++) if (!files.has(seq)) missing.push(seq)
  if (missing.length === 0) return
  const which = `recording ${missing.join(', ')} of the run`
  // a file that could not even be created has a number all the same
  if (run.lostToVolume) findings.note('line-missing', { source, run: id }, `${which} could not be created`)
  else findings.fault('line-missing', { source, run: id }, `${which} is not in the ledger: lines were removed`)
}

function checkJoints(run: KnownRun, findings: Findings): void {
  const mayStep = run.end ? (run.end.timeSteps ?? 0) : Infinity
  let steps = 0
  for (const [seq, { recording: next }] of run.files) {
    const before = run.files.get(seq - 1)?.recording
    if (!before || !next || isUnfinished(before)) continue
    if (before.closedBy !== 'boundary' && before.closedBy !== 'format-change' && before.closedBy !== 'recovered')
      findings.fault('line-contradicts', before, `closed by ${before.closedBy}, but the run went on with ${next.name}`)
    const joint = startOf(next) - startOf(before) - before.durationSeconds
    if (Math.abs(joint) <= toleranceOf(before)) continue
    const words = `${next.name} begins ${Math.abs(joint).toFixed(3)} s ${joint < 0 ? 'before' : 'after'} the end of ${before.name}`
    if (++steps <= mayStep)
      findings.note('run-joint', next, `${words}: the clock was set, or the source left out audio`)
    else findings.fault('run-joint', next, `${words}, in one run: a line was edited`)
  }
}

/** A frame, and what the correction of time may move. */
function toleranceOf({ durationSeconds, frames }: Closed): number {
  return durationSeconds / Math.max(1, frames) + ROUNDING_SECONDS + SLEW * durationSeconds
}

function startOf({ startedAt }: Closed): number {
  return Date.parse(startedAt) / 1000
}

function checkLaw(run: KnownRun, findings: Findings): void {
  const { id, source, end, discardedBytes } = run
  let keptBytes = 0
  let open = false
  for (const { recording, removed } of run.files.values()) {
    keptBytes += recording?.receivedBytes ?? 0
    open ||= !recording && !removed
  }
  const place = { source, run: id }
  if (!end) {
    if (!open) findings.note('run-open', place, 'no line tells how the run ended: it goes on, or was ended by force')
    return
  }
  if (open || keptBytes + discardedBytes === end.receivedBytes) return
  const sum = `received ${end.receivedBytes} bytes, kept ${keptBytes}, discarded ${discardedBytes}`
  findings.fault(
    'run-law',
    { ...place, line: end.line },
    `${sum}: ${lawWords(end.receivedBytes - keptBytes - discardedBytes)}`,
  )
}

function lawWords(missing: number): string {
  return missing > 0 ? `${missing} are not told of` : `${-missing} more than came`
}
