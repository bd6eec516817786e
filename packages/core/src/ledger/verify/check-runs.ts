import { ADOPTED_RUN } from '../entry.js'
import { isUnfinished } from '../read/ledger-scan.js'
import type { Findings } from './finding.js'
import type { KnownFile, KnownRun, LedgerIndex } from './ledger-index.js'

/** Times are whole milliseconds, and the arrival in which a file begins may correct them by two more. */
const ROUNDING_SECONDS = 0.004
/** Time itself is corrected by at most 500 ppm while a file is written. */
const SLEW = 600e-6
/** As much as a burst is long. */
const RETIMED_SECONDS = 10

type Closed = NonNullable<KnownFile['recording']>

/** Checks that runs are whole: no recording missing, each joins the one before, and all bytes are accounted for. */
export function checkRuns(index: LedgerIndex, findings: Findings): void {
  const gaps = gapsByRun(index)
  for (const run of index.runs.values()) {
    if (run.id.startsWith(ADOPTED_RUN) || run.id === '') continue
    checkSequence(run, findings)
    checkJoints(run, gaps.get(run.id) ?? [], findings)
    checkLaw(run, findings)
  }
}

function checkSequence(run: KnownRun, findings: Findings): void {
  const { id, source, files, quiets } = run
  const last = Math.max(-1, ...files.keys(), ...quiets.keys())
  const missing: number[] = []
  for (let seq = 0; seq <= last && missing.length < 100; seq++)
    if (!files.has(seq) && !quiets.has(seq)) missing.push(seq)
  if (missing.length === 0) return
  const which = `recording ${missing.join(', ')} of the run`
  // a file that could not even be created has a number all the same
  if (run.lostToVolume) findings.note('line-missing', { source, run: id }, `${which} could not be created`)
  else findings.fault('line-missing', { source, run: id }, `${which} is not in the ledger: lines were removed`)
}

/** What is at one place of a run: a recording, or a stretch that was not recorded because nothing was to be heard. */
export interface RunPlace {
  readonly seq: number
  readonly line: number
  readonly source: string
  readonly run: string
  readonly words: string
  readonly startsAt: number
  readonly endsAt: number
  /** By how much the next place may be off. */
  readonly tolerance: number
  readonly recording?: Closed
}

/** Time that is told of as lost, in seconds. */
interface Lost {
  readonly from: number
  readonly to: number
}

function gapsByRun({ gaps }: LedgerIndex): Map<string, Lost[]> {
  const byRun = new Map<string, Lost[]>()
  for (const { run, from, to } of gaps) {
    const list = byRun.get(run) ?? []
    list.push({ from: Date.parse(from) / 1000, to: Date.parse(to) / 1000 })
    byRun.set(run, list)
  }
  return byRun
}

function checkJoints(run: KnownRun, gaps: readonly Lost[], findings: Findings): void {
  const mayStep = run.end ? (run.end.timeSteps ?? 0) : Infinity
  let steps = 0
  const order = placesInOrder(run)
  for (const [index, seq] of order.entries()) {
    const next = placeAt(run, seq)
    const before = index === 0 ? undefined : placeAt(run, order[index - 1])
    if (!before || !next) continue
    const goesOn = continuedBy(run, seq) === before.seq
    if (!goesOn && !run.files.has(seq - 1) && !run.quiets.has(seq - 1)) continue
    if (!goesOn && before.recording && isUnfinished(before.recording)) continue
    if (!goesOn) checkReason(before, next, findings)
    const joint = next.startsAt - before.endsAt
    const tolerance = before.tolerance + unprimedSeconds(next)
    if (Math.abs(joint) <= tolerance || gaps.some((gap) => covers(gap, before, next, tolerance))) continue
    const words = `${next.words} begins ${Math.abs(joint).toFixed(3)} s ${joint < 0 ? 'before' : 'after'} the end of ${before.words}`
    if (++steps <= mayStep)
      findings.note('run-joint', next, `${words}: the clock was set, or the source left out audio`)
    else findings.fault('run-joint', next, `${words}, in one run: a line was edited`)
  }
  for (const quiet of run.quiets.values()) {
    const stepped = (Date.parse(quiet.to) - Date.parse(quiet.from)) / 1000 - quiet.seconds
    if (Math.abs(stepped) <= ROUNDING_SECONDS + SLEW * quiet.seconds || ++steps <= mayStep) continue
    findings.fault('line-contradicts', quiet, `${quiet.seconds} s of quiet, but from ${quiet.from} to ${quiet.to}`)
  }
}

/** Places in the order of time: a file that goes on from another one stands right behind it. */
export function placesInOrder(run: KnownRun): number[] {
  const behind = new Map<number, number[]>()
  const first: number[] = []
  for (const seq of [...run.files.keys(), ...run.quiets.keys()].sort((one, other) => one - other)) {
    const before = continuedBy(run, seq)
    if (before === undefined) first.push(seq)
    else behind.set(before, [...(behind.get(before) ?? []), seq])
  }
  const order: number[] = []
  const waiting = first.reverse()
  while (waiting.length > 0) {
    const seq = waiting.pop() as number
    order.push(seq)
    waiting.push(...(behind.get(seq) ?? []).reverse())
  }
  return order
}

/** The place that the file at `seq` goes on from; a line may claim what cannot be. */
function continuedBy({ files }: KnownRun, seq: number): number | undefined {
  const file = files.get(seq)
  const continues = file?.recording?.continues ?? file?.open?.continues
  return continues !== undefined && continues < seq && files.has(continues) ? continues : undefined
}

function covers({ from, to }: Lost, before: RunPlace, next: RunPlace, tolerance: number): boolean {
  return Math.abs(from - before.endsAt) <= tolerance && Math.abs(to - next.startsAt) <= tolerance
}

/** What is at a place; undefined when nothing is. */
export function placeAt({ files, quiets }: KnownRun, seq: number): RunPlace | undefined {
  const quiet = quiets.get(seq)
  if (quiet) {
    const { line, source, run } = quiet
    // the start of a run may be learnt better while its first file is written
    const tolerance = seq === 0 ? RETIMED_SECONDS : ROUNDING_SECONDS
    const [startsAt, endsAt] = [Date.parse(quiet.from) / 1000, Date.parse(quiet.to) / 1000]
    return { seq, line, source, run, words: 'a quiet stretch', startsAt, endsAt, tolerance }
  }
  const recording = files.get(seq)?.recording
  if (!recording) return undefined
  const { line, source, run, name, durationSeconds } = recording
  const startsAt = Date.parse(recording.startedAt) / 1000
  const endsAt = startsAt + durationSeconds
  return { seq, line, source, run, words: name, startsAt, endsAt, tolerance: toleranceOf(recording), recording }
}

/**
 * At most as long as what the first packet of a Vorbis file takes with it: without one before, it yields no audio.
 *
 * @source Vorbis I §4.2.1, §4.3.8: half a window of 8192 samples
 */
function unprimedSeconds({ recording }: RunPlace): number {
  if (recording?.codec !== 'vorbis' || recording.prerollFrames > 0) return 0
  return 4096 / recording.sampleRate
}

function checkReason({ recording }: RunPlace, next: RunPlace, findings: Findings): void {
  if (!recording) return
  const { closedBy } = recording
  if (closedBy !== 'boundary' && closedBy !== 'format-change' && closedBy !== 'recovered')
    findings.fault('line-contradicts', recording, `closed by ${closedBy}, but the run went on with ${next.words}`)
}

/** A frame, and what the correction of time may move. */
function toleranceOf(recording: Closed): number {
  const { durationSeconds, frames, seq } = recording
  // a volume may fail while the start of a run is still being learnt
  if (seq === 0 && isUnfinished(recording)) return RETIMED_SECONDS
  return durationSeconds / Math.max(1, frames) + ROUNDING_SECONDS + SLEW * durationSeconds
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
