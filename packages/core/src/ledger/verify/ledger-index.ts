import { isQuiet, LEDGER_VERSION } from '../entry.js'
import type {
  DiscardLine,
  GapLine,
  LedgerEntry,
  OpenLine,
  QuietLine,
  RecordingLine,
  RunLine,
  SealedLine,
  SeamLine,
} from '../entry.js'
import { isUnfinished, sealHash } from '../read/ledger-scan.js'
import type { LedgerText } from '../read/read-lines.js'
import type { Findings } from './finding.js'

/** Where an entry stands in the ledger. */
export interface Place {
  /** From 1. */
  readonly line: number
  /** First byte. */
  readonly startByte: number
}

/** A file that the ledger knows. */
export interface KnownFile {
  /** Present unless its line is missing. */
  open?: OpenLine & Place
  /** Present when it was closed; titles are judged when they are read, and forgotten. */
  recording?: Omit<RecordingLine, 'titles'> & Place
  /** What was entered when its volume failed, before it was repaired. */
  failed?: Omit<RecordingLine, 'titles'> & Place
  /** It was removed on purpose. */
  removed?: boolean
}

/** One connection. */
export interface KnownRun {
  readonly id: string
  readonly source: string
  readonly files: Map<number, KnownFile>
  /** Stretches between its files that were not recorded because nothing was to be heard, by their place in the run. */
  readonly quiets: Map<number, QuietLine & Place>
  discardedBytes: number
  /** Whether the volume did not take some of it. */
  lostToVolume: boolean
  end?: RunLine & Place
}

/** A sealed line. */
export interface KnownSeal extends SealedLine, Place {
  /** What the next one says of it. */
  readonly hash: string
}

/** Everything that the ledger tells, by what it is about. Memory grows with the number of recordings, not with what they hold. */
export class LedgerIndex {
  readonly runs = new Map<string, KnownRun>()
  /** The file that has a name now. */
  readonly names = new Map<string, KnownFile>()
  readonly gaps: (GapLine & Place)[] = []
  /** Runs that go on from others. */
  readonly seams: (SeamLine & Place)[] = []
  readonly seals = new Map<string, KnownSeal[]>()
  readonly #findings: Findings

  /** @param findings - takes what is wrong with lines */
  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** The next line. */
  take(text: LedgerText): void {
    const { line, startByte } = text
    if ('fault' in text) return this.#takeFault(line, text.fault)
    const unknown = (what: string) =>
      this.#findings.fault('line-unknown', { line }, `a line of ${what}: it was edited, or a newer version wrote it`)
    if ('unknownType' in text) return unknown(`type ${JSON.stringify(text.unknownType)}`)
    const { entry } = text
    if (entry.v !== LEDGER_VERSION) unknown(`version ${entry.v}`)
    this.#enter(entry, { line, startByte }, text.text)
  }

  /** Whether a file is the first of its run, whose start may be learnt better while it is written. */
  isFirst({ run, seq }: Pick<RecordingLine, 'run' | 'seq'>): boolean {
    return seq === 0 || (seq === 1 && this.runs.get(run)?.quiets.has(0) === true)
  }

  #takeFault(line: number, fault: string): void {
    if (fault.startsWith('is torn')) {
      this.#findings.fault('line-torn', { line }, 'the last line was cut by a crash; isr repair takes it away')
    } else this.#findings.fault('line-unreadable', { line }, `the line ${fault}`)
  }

  #enter(entry: LedgerEntry, place: Place, text: string): void {
    switch (entry.type) {
      case 'open':
        return this.#open({ ...entry, ...place })
      case 'recording':
        return this.#close({ ...entry, ...place })
      case 'gap':
        this.gaps.push({ ...entry, ...place })
        return
      case 'seam':
        this.#run({ ...entry, ...place })
        this.seams.push({ ...entry, ...place })
        return
      case 'discard': {
        const run = this.#run({ ...entry, ...place })
        run.discardedBytes += entry.bytes
        run.lostToVolume ||= entry.reason === 'storage'
        if (entry.reason === 'quiet') this.#pass(run, { ...entry, ...place })
        return
      }
      case 'run':
        return this.#end({ ...entry, ...place })
      case 'sealed': {
        const seals = this.seals.get(entry.source) ?? []
        seals.push({ ...entry, ...place, hash: sealHash(text) })
        this.seals.set(entry.source, seals)
        return
      }
      case 'removed': {
        const file = this.names.get(entry.name)
        if (file) file.removed = true
        else
          this.#findings.fault('line-missing', { ...entry, ...place }, 'it was removed, and no line tells what it was')
        this.names.delete(entry.name)
      }
    }
  }

  #open(open: OpenLine & Place): void {
    const run = this.#run(open)
    const known = this.names.get(open.name)
    if (known)
      this.#findings.fault('line-contradicts', open, `${open.name} is opened again, and was not removed before`)
    const seq = open.seq ?? run.files.size
    if (run.files.has(seq) || run.quiets.has(seq))
      this.#findings.fault('line-contradicts', open, `recording ${seq} of the run is opened twice`)
    const file: KnownFile = { open }
    run.files.set(seq, file)
    this.names.set(open.name, file)
  }

  #close({ titles, ...recording }: RecordingLine & Place): void {
    const run = this.#run(recording)
    const file = run.files.get(recording.seq) ?? {}
    this.#judgeTitles(recording, titles)
    const earlier = file.recording
    if (earlier && !isUnfinished(earlier) && !isRepetition(earlier, recording)) {
      const what = `recording ${recording.seq} of the run is closed twice, first in line ${earlier.line}`
      this.#findings.fault('line-contradicts', recording, what)
    }
    if (earlier && isUnfinished(earlier)) file.failed = earlier
    file.recording = recording
    run.files.set(recording.seq, file)
    if (!file.removed) this.names.set(recording.name, file)
  }

  #pass(run: KnownRun, line: DiscardLine & Place): void {
    if (!isQuiet(line))
      this.#findings.fault(
        'line-contradicts',
        line,
        'a quiet stretch that does not tell where it belongs: it was edited',
      )
    else if (run.quiets.has(line.seq) || run.files.has(line.seq))
      this.#findings.fault('line-contradicts', line, `place ${line.seq} of the run is taken twice`)
    else run.quiets.set(line.seq, line)
  }

  #end(end: RunLine & Place): void {
    const run = this.#run(end)
    if (run.end) this.#findings.fault('line-contradicts', end, `the run ends twice, first in line ${run.end.line}`)
    run.end = end
  }

  #run({ run: id, source, line }: Pick<LedgerEntry, 'run' | 'source'> & Pick<Place, 'line'>): KnownRun {
    const known = this.runs.get(id)
    if (known && known.source !== source)
      this.#findings.fault(
        'line-contradicts',
        { source, run: id, line },
        `the run belongs to ${known.source}, not to ${source}`,
      )
    if (known) return known
    const run: KnownRun = { id, source, files: new Map(), quiets: new Map(), discardedBytes: 0, lostToVolume: false }
    this.runs.set(id, run)
    return run
  }

  #judgeTitles(recording: Omit<RecordingLine, 'titles'> & Place, titles: RecordingLine['titles']): void {
    const ordered = titles.every(({ sample }, index) => sample >= (titles[index - 1]?.sample ?? 0))
    if (ordered && (titles.at(-1)?.sample ?? 0) <= recording.samples) return
    this.#findings.fault('line-contradicts', recording, 'its titles are out of order or beyond its end')
  }
}

/** Two repairs at once enter the same twice. */
function isRepetition(one: Omit<RecordingLine, 'titles'>, other: Omit<RecordingLine, 'titles'>): boolean {
  return one.sha256 === other.sha256 && one.bytes === other.bytes && one.samples === other.samples
}
