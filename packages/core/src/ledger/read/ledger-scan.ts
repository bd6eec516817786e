import { createHash } from 'node:crypto'
import type { EpochMs } from '../../model.js'
import { ADOPTED_RUN, isQuiet, type LedgerEntry, type OpenLine, type RecordingLine } from '../entry.js'
import { LastFiles } from './last-files.js'
import type { LedgerText } from './read-lines.js'

/** A file that was opened and has no line that says that it is complete. */
export interface Remains {
  /** What was entered when it was opened. */
  readonly open: OpenLine
  /** Where that line begins in the ledger. */
  readonly startByte: number
  /** What was entered when its volume failed; absent when nothing was entered any more. */
  readonly failed?: RecordingLine
  /** Another file goes on from it: frames beyond so many stand there, too. Absent: every frame in it counts. */
  readonly keepFrames?: number
}

/** The last audio of a source that the ledger knows. */
export interface LastAudio {
  /** Wall clock of its end. */
  readonly endsAt: EpochMs
  /** Its run. */
  readonly run: string
  /** Whether the ledger tells how that run ended; if not, it goes on, or the recorder was ended by force. */
  readonly ended: boolean
  /** Where the line that tells of it begins in the ledger. */
  readonly startByte: number
}

/** Where the chain of seals of a source ends. */
export interface ChainEnd {
  /** What the next sealed line says of the last one; empty before the first. */
  readonly prev: string
  /** Complete recordings that miss their seal, in their order: those that were promised one, and those that follow one where nothing is promised. */
  readonly unsealed: ReadonlyMap<string, RecordingLine>
}

interface Chain {
  prev: string
  readonly unsealed: Map<string, RecordingLine>
}

/** Reads a ledger once and keeps what a start needs: unfinished files, the ends of the chains. Memory grows with those alone. */
export class LedgerScan {
  /** What a next run may go on from. */
  readonly lastFiles = new LastFiles()
  readonly #open = new Map<string, Remains>()
  /** Places from which another file goes on. */
  readonly #continued = new Set<string>()
  readonly #chains = new Map<string, Chain>()
  /** Complete recordings that were promised a seal and have none. */
  readonly #promised = new Set<string>()
  /** Sources of which the ledger says which recordings are to be sealed: others of theirs are not. */
  readonly #promising = new Set<string>()
  readonly #last = new Map<string, LastAudio>()
  #faults = 0

  /** The next line. */
  take(line: LedgerText): void {
    if ('entry' in line) {
      this.#enter(line.entry, line)
      this.lastFiles.take(line.entry, line.startByte)
    } else if ('fault' in line) this.#faults++
  }

  /** Files that are not finished, in the order in which they were opened. */
  get unfinished(): Remains[] {
    const remains = [...this.#open.values()].map((one) => {
      const { failed } = one
      return failed && this.#continued.has(placeOf(failed.run, failed.seq))
        ? { ...one, keepFrames: failed.frames }
        : one
    })
    return remains.sort((one, other) => one.startByte - other.startByte)
  }

  /** The chains of seals by source. */
  get chains(): ReadonlyMap<string, ChainEnd> {
    return this.#chains
  }

  /** Whether a file that has no seal so far was to get one when it was opened. */
  isSealPromised(name: string): boolean {
    return this.#promised.has(name) || this.#open.get(name)?.open.seal === true
  }

  /** Where the audio of each source ends. */
  get lastAudio(): ReadonlyMap<string, LastAudio> {
    return this.#last
  }

  /** Lines that cannot be read. */
  get faults(): number {
    return this.#faults
  }

  #enter(entry: LedgerEntry, { startByte, text }: LedgerText): void {
    if (entry.type === 'open') {
      this.#open.set(entry.name, { open: entry, startByte })
      if (entry.seal) this.#promising.add(entry.source)
      if (entry.continues !== undefined) this.#continued.add(placeOf(entry.run, entry.continues))
    } else if (entry.type === 'recording') this.#close(entry, startByte)
    else if (entry.type === 'removed') {
      this.#open.delete(entry.name)
      this.#promised.delete(entry.name)
      for (const { unsealed } of this.#chains.values()) unsealed.delete(entry.name)
    } else if (entry.type === 'sealed') {
      const chain = this.#chain(entry.source)
      chain.prev = sealHash(text)
      chain.unsealed.delete(entry.name)
      this.#promised.delete(entry.name)
    } else if (entry.type === 'run') {
      const last = this.#last.get(entry.source)
      if (last?.run === entry.run) this.#last.set(entry.source, { ...last, ended: true })
    } else if (entry.type === 'discard' && isQuiet(entry)) {
      this.#heardTo(entry, Date.parse(entry.to), startByte)
    } else if (entry.type === 'gap') {
      this.#last.set(entry.source, { endsAt: Date.parse(entry.to), run: entry.run, ended: true, startByte })
    }
  }

  #close(entry: RecordingLine, startByte: number): void {
    const endsAt = Date.parse(entry.startedAt) + entry.durationSeconds * 1000
    const ended = entry.run.startsWith(ADOPTED_RUN)
    this.#heardTo(entry, endsAt, startByte, ended)
    const known = this.#open.get(entry.name)
    if (isUnfinished(entry)) {
      const open: OpenLine = known?.open ?? { ...entry, type: 'open' }
      this.#open.set(entry.name, { open, startByte: known?.startByte ?? startByte, failed: entry })
      return
    }
    if (this.isSealPromised(entry.name)) this.#promised.add(entry.name)
    this.#open.delete(entry.name)
    const follows = !this.#promising.has(entry.source) && this.#chains.get(entry.source)?.prev
    if (follows || this.#promised.has(entry.name)) this.#chain(entry.source).unsealed.set(entry.name, entry)
  }

  #heardTo({ source, run }: LedgerEntry, endsAt: EpochMs, startByte: number, ended = false): void {
    if (endsAt >= (this.#last.get(source)?.endsAt ?? -Infinity))
      this.#last.set(source, { endsAt, run, ended, startByte })
  }

  #chain(source: string): Chain {
    const chain = this.#chains.get(source) ?? { prev: '', unsealed: new Map<string, RecordingLine>() }
    this.#chains.set(source, chain)
    return chain
  }
}

function placeOf(run: string, seq: number): string {
  return `${run} ${seq}`
}

/** Whether a line tells of a file that its volume did not take whole: there is no end in it, and no hash of it. */
export function isUnfinished(line: Pick<RecordingLine, 'closedBy' | 'sha256'>): boolean {
  return line.closedBy === 'error' && line.sha256 === ''
}

/** What a sealed line says of the one before it: the hash of its JSON text. */
export function sealHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
