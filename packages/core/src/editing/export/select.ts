import { ADOPTED_RUN, isQuiet, type LedgerEntry, type OpenLine, type RecordingLine } from '../../ledger/entry.js'
import { isUnfinished } from '../../ledger/read/ledger-scan.js'
import type { LedgerText } from '../../ledger/read/read-lines.js'
import type { EpochMs } from '../../model.js'

/** A recording of which a part is wanted. */
export interface WantedRecording {
  /** Storage key. */
  readonly name: string
  /** Its run. */
  readonly run: string
  /** 0-based position in the run; undefined when the ledger does not tell. */
  readonly sequence?: number
  /** The first of a run that goes on from another one: the recording where that one ends. */
  readonly goesOnFrom?: {
    /** Its run. */
    readonly run: string
    /** Its position there. */
    readonly sequence: number
  }
  /** Wall clock of its first sample. */
  readonly startedAt: EpochMs
  /** Title in force at its start. */
  readonly title?: string
}

/** Time in which nothing was to be heard, and nothing was recorded for that. */
export interface QuietTime {
  /** Wall clock of its start. */
  readonly from: EpochMs
  /** Wall clock of its end. */
  readonly to: EpochMs
}

/** What a ledger tells of a span of time. */
export interface Selection {
  /** The recordings that reach into it, in the order of time. */
  readonly recordings: readonly WantedRecording[]
  /** What of it was quiet on purpose. */
  readonly quiets: readonly QuietTime[]
}

/** What one source recorded in `from` <= t < `to`, by what its ledger says. */
export async function selectRecordings(
  lines: AsyncIterable<LedgerText>,
  source: string,
  from: EpochMs,
  to: EpochMs,
): Promise<Selection> {
  const found = new Map<string, WantedRecording>()
  const seams = new Seams()
  const quiets: QuietTime[] = []
  for await (const line of lines) {
    if (!('entry' in line) || line.entry.source !== source) continue
    const { entry } = line
    seams.take(entry)
    if (entry.type === 'removed') found.delete(entry.name)
    else if (entry.type === 'discard' && isQuiet(entry)) {
      const quiet = { from: Date.parse(entry.from), to: Date.parse(entry.to) }
      if (quiet.from < to && quiet.to > from) quiets.push(quiet)
    } else if (isFile(entry)) {
      const startedAt = Date.parse(entry.startedAt)
      // how long an unfinished file is, the file itself will tell
      if (startedAt < to && endOf(entry, startedAt) > from) found.set(entry.name, wanted(entry, startedAt))
      else found.delete(entry.name)
    }
  }
  const recordings = [...found.values()]
    .map((one) => seams.join(one))
    .sort((one, other) => one.startedAt - other.startedAt || (one.sequence ?? 0) - (other.sequence ?? 0))
  return { recordings, quiets }
}

/** Whether `next` goes on where `before` ends, to the sample. */
export function follows(before: WantedRecording, next: WantedRecording): boolean {
  const { goesOnFrom } = next
  if (goesOnFrom) return goesOnFrom.run === before.run && goesOnFrom.sequence === before.sequence
  const known = before.sequence !== undefined && next.sequence === before.sequence + 1
  return known && before.run === next.run && !before.run.startsWith(ADOPTED_RUN)
}

/** Which runs and files go on from which: where a volume failed, a file has its place behind the one that it continues. */
class Seams {
  readonly #lastPlace = new Map<string, number>()
  readonly #before = new Map<string, string>()
  /** The place of a file that others continue, by that of each of them; and the last of them, by that place. */
  readonly #firstPart = new Map<string, number>()
  readonly #lastPart = new Map<string, number>()

  take(entry: LedgerEntry): void {
    if (entry.type === 'seam') this.#before.set(entry.run, entry.previousRun)
    const sequence = 'seq' in entry ? entry.seq : undefined
    if (sequence === undefined) return
    if (isFile(entry) && entry.continues !== undefined) {
      const first = this.#firstPart.get(`${entry.run} ${entry.continues}`) ?? entry.continues
      this.#firstPart.set(`${entry.run} ${sequence}`, first)
      this.#lastPart.set(`${entry.run} ${first}`, sequence)
      return
    }
    this.#lastPlace.set(entry.run, Math.max(sequence, this.#lastPlace.get(entry.run) ?? 0))
  }

  join(recording: WantedRecording): WantedRecording {
    if (recording.goesOnFrom || recording.sequence === undefined) return recording
    const isFirst = recording.sequence === 0
    const run = isFirst ? this.#before.get(recording.run) : recording.run
    const place = isFirst && run !== undefined ? this.#lastPlace.get(run) : recording.sequence - 1
    if (run === undefined || place === undefined) return recording
    const lastPart = this.#lastPart.get(`${run} ${place}`)
    return isFirst || lastPart !== undefined
      ? { ...recording, goesOnFrom: { run, sequence: lastPart ?? place } }
      : recording
  }
}

function isFile(entry: LedgerEntry): entry is OpenLine | RecordingLine {
  return entry.type === 'open' || entry.type === 'recording'
}

function endOf(entry: OpenLine | RecordingLine, startedAt: EpochMs): EpochMs {
  if (entry.type === 'open' || isUnfinished(entry)) return Infinity
  return startedAt + entry.durationSeconds * 1000
}

function wanted(entry: OpenLine | RecordingLine, startedAt: EpochMs): WantedRecording {
  const { name, run, seq: sequence, continues } = entry
  const title = entry.type === 'open' ? entry.title : entry.titles.find(({ sample }) => sample === 0)?.title
  return {
    ...{ name, run, startedAt },
    ...(sequence !== undefined && { sequence }),
    ...(continues !== undefined && { goesOnFrom: { run, sequence: continues } }),
    ...(title !== undefined && { title }),
  }
}
