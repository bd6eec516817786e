import { isUnfinished } from '../read/ledger-scan.js'
import type { Findings } from './finding.js'
import type { KnownFile, LedgerIndex } from './ledger-index.js'

/** Shorter than this is rounding, or the end of a burst. */
const OVERLAP_MS = 100
/** Shorter than this is a restart between two looks at the clock. */
const MISSING_MS = 1000
/** A gap ends where audio is first heard; a burst may move the true start of that audio to an earlier time afterwards. */
const BURST_MS = 10_000

interface Span {
  readonly from: number
  readonly to: number
}

interface RunGap extends Span {
  readonly run: string
}

type Closed = NonNullable<KnownFile['recording']>

/** Sums of the time that is not recorded. */
export interface GapTotals {
  readonly gaps: number
  readonly seconds: number
  /** Of it that was received and not recorded because nothing was to be heard. */
  readonly quietSeconds: number
}

/** Checks the time of every source as a whole: gaps where there is audio, audio twice, time that nobody tells of. */
export function checkTimes(index: LedgerIndex, findings: Findings): GapTotals {
  const audio = new Map<string, Closed[]>()
  for (const run of index.runs.values()) {
    for (const { recording } of run.files.values()) {
      if (!recording || recording.samples === 0) continue
      const list = audio.get(recording.source) ?? []
      list.push(recording)
      audio.set(recording.source, list)
    }
  }
  const gaps = new Map<string, (Span & { readonly line: number; readonly run: string })[]>()
  let seconds = 0
  for (const { source, from, to, line, run, seconds: length } of index.gaps) {
    const list = gaps.get(source) ?? []
    list.push({ from: Date.parse(from), to: Date.parse(to), line, run })
    gaps.set(source, list)
    seconds += length
  }
  const quiets = quietsBySource(index)
  for (const [source, recordings] of audio) {
    recordings.sort((one, other) => startOf(one) - startOf(other))
    const own = (gaps.get(source) ?? []).sort((one, other) => one.from - other.from)
    const lastOfRun = new Map(recordings.map((recording) => [recording.run, recording]))
    const quiet = quiets.get(source) ?? []
    const untold = [...own, ...quiet].sort((one, other) => one.from - other.from)
    checkBetween(source, recordings, quiet.length > 0 ? untold : own, findings)
    const endOfRun = new Map(quiet.map(({ run, to }) => [run, to]))
    for (const gap of own)
      checkGap(source, gap, own, recordings, lastOfRun.get(gap.run), endOfRun.get(gap.run), findings)
  }
  const quietSeconds = [...index.runs.values()]
    .flatMap((run) => [...run.quiets.values()])
    .reduce((sum, { seconds: length }) => sum + length, 0)
  return { gaps: index.gaps.length, seconds, quietSeconds }
}

/** What was not recorded because nothing was to be heard, in the order of time. */
function quietsBySource(index: LedgerIndex): Map<string, (Span & { readonly run: string })[]> {
  const bySource = new Map<string, (Span & { readonly run: string })[]>()
  for (const run of index.runs.values()) {
    if (run.quiets.size === 0) continue
    const list = bySource.get(run.source) ?? []
    for (const { from, to } of run.quiets.values())
      list.push({ from: Date.parse(from), to: Date.parse(to), run: run.id })
    bySource.set(run.source, list)
  }
  for (const list of bySource.values()) list.sort((one, other) => one.from - other.from)
  return bySource
}

/** Between runs: what is recorded twice, and what is neither recorded nor told of. */
function checkBetween(source: string, recordings: readonly Closed[], gaps: readonly Span[], findings: Findings): void {
  let last: Closed | undefined
  for (const next of recordings) {
    if (last && next.run !== last.run) {
      const from = endOf(last)
      const to = startOf(next)
      const place = { source, name: next.name }
      if (to < from - OVERLAP_MS) {
        findings.note(
          'time-overlap',
          place,
          `${next.name} begins ${secondsOf(from - to)} before the end of ${last.name}`,
        )
      } else if (to - from - covered({ from, to }, gaps) > MISSING_MS) {
        const words = `nothing was recorded for ${secondsOf(to - from)} before ${next.name}, and no gap is told of`
        findings.note('time-missing', place, `${words}: the recorder did not run`)
      }
    }
    if (!last || endOf(next) >= endOf(last)) last = next
  }
}

function covered({ from, to }: Span, gaps: readonly Span[]): number {
  let sum = 0
  for (let index = firstAt(gaps, from, (gap) => gap.to); index < gaps.length && gaps[index].from < to; index++)
    sum += Math.max(0, Math.min(to, gaps[index].to) - Math.max(from, gaps[index].from))
  return sum
}

/** Index of the first item whose value is at least `least`; the values rise. */
function firstAt<T>(items: readonly T[], least: number, valueOf: (item: T) => number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (valueOf(items[middle]) < least) low = middle + 1
    else high = middle
  }
  return low
}

/** A gap begins where its run ends, and holds no audio. */
function checkGap(
  source: string,
  gap: RunGap & { readonly line: number },
  own: readonly RunGap[],
  recordings: readonly Closed[],
  lastOfRun: Closed | undefined,
  quietTo: number | undefined,
  findings: Findings,
): void {
  const place = { source, line: gap.line }
  // repair may find more than a failing volume was thought to have taken
  const repaired = lastOfRun?.closedBy === 'recovered'
  const runEnds = lastOfRun && Math.max(endOf(lastOfRun), quietTo ?? -Infinity)
  const apart = Math.abs(gap.from - (runEnds ?? gap.from))
  if (lastOfRun && !repaired && !isUnfinished(lastOfRun) && apart > MISSING_MS && !beginsAtEnd(gap, recordings, own)) {
    const words = `the gap begins ${secondsOf(apart)} from the end of its run`
    findings.fault('line-contradicts', place, `${words}, in ${lastOfRun.name}`)
    return
  }
  // one file before may reach into it
  for (let index = Math.max(0, firstAt(recordings, gap.from, startOf) - 1); index < recordings.length; index++) {
    const recording = recordings[index]
    if (startOf(recording) >= gap.to) break
    const overlap = Math.min(gap.to, endOf(recording)) - Math.max(gap.from, startOf(recording))
    if (overlap <= BURST_MS || (repaired && recording.run === gap.run)) continue
    findings.fault('line-contradicts', place, `a gap where ${recording.name} holds ${secondsOf(overlap)} of audio`)
    return
  }
}

/** A volume that fails for long may lose audio amid a run, behind a file that it had taken. */
function beginsAtEnd(gap: RunGap, recordings: readonly Closed[], gaps: readonly RunGap[]): boolean {
  const isAtEnd = (run: string, endsAt: number) => run === gap.run && Math.abs(endsAt - gap.from) <= MISSING_MS
  return (
    recordings.some((one) => isAtEnd(one.run, endOf(one))) ||
    gaps.some((one) => one !== gap && isAtEnd(one.run, one.to))
  )
}

function startOf({ startedAt }: Closed): number {
  return Date.parse(startedAt)
}

function endOf(recording: Closed): number {
  return startOf(recording) + recording.durationSeconds * 1000
}

function secondsOf(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
