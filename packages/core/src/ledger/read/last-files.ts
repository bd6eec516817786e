import type { EpochMs } from '../../model.js'
import { isQuiet, type LedgerEntry, type OpenLine, type RecordingLine } from '../entry.js'

/** A file at the end of what was recorded of a source. */
export interface LastFile {
  /** What was entered when it was opened. */
  readonly open: OpenLine
  /** Where that line begins in the ledger. */
  readonly startByte: number
  /** What was entered when it was complete; absent when it was left open. */
  readonly recording?: Omit<RecordingLine, 'titles'> & { readonly title?: string }
}

/** The end of a source: files that join without anything between them. */
export interface SourceEnd {
  /** The last first. */
  readonly files: readonly LastFile[]
  /** Whether the ledger tells how their run ended. */
  readonly ended: boolean
}

/** Half a minute of files of some seconds. */
const MOST_FILES = 12
/** Of the latest gaps. */
const MOST_GAPS = 4

interface Gap {
  readonly run: string
  readonly to: EpochMs
}

interface Ending {
  /** In the order in which they were opened. */
  readonly files: LastFile[]
  readonly gaps: Gap[]
  /** Run to the one that it goes on from. */
  readonly seams: Map<string, string>
  /** The run that ended last. */
  endedRun?: string
  /** Something is behind the last file that is in no file. */
  isBehind: boolean
}

/** What a next run may go on from, by source: kept while a ledger is read. Some lines for each source, however long the ledger is. */
export class LastFiles {
  readonly #endings = new Map<string, Ending>()

  /** The next line, which begins at this byte. */
  take(entry: LedgerEntry, startByte: number): void {
    const { source, run } = entry
    if (entry.type === 'open') return this.#open(entry, startByte)
    const ending = this.#endings.get(source)
    if (!ending) return
    const last = ending.files.at(-1)
    switch (entry.type) {
      case 'recording':
        return close(ending, entry)
      case 'removed':
        return remove(ending, entry.name, entry.by === 'repair')
      case 'gap':
        ending.gaps.push({ run, to: Date.parse(entry.to) })
        if (ending.gaps.length > MOST_GAPS) ending.gaps.shift()
        return
      case 'seam':
        ending.seams.set(run, entry.previousRun)
        return
      case 'run':
        ending.endedRun = run
        return
      case 'discard': {
        const isLost = entry.reason === 'storage' || entry.reason === 'plugin' || isQuiet(entry)
        ending.isBehind ||= isLost && run === last?.open.run
        return
      }
      case 'sealed': // says nothing of time
    }
  }

  /** How a source ends; undefined when nothing may go on from there: its end is unknown, or something is missing behind it. */
  endOf(source: string): SourceEnd | undefined {
    const ending = this.#endings.get(source)
    const last = ending?.files.at(-1)
    if (!ending || !last || ending.isBehind || !isWhole(last)) return undefined
    const startedAt = Date.parse(last.open.startedAt)
    // a gap between its run and the one before is written when this run has begun
    if (ending.gaps.some(({ run, to }) => run === last.open.run || to > startedAt)) return undefined
    const files: LastFile[] = [last]
    for (let index = ending.files.length - 2; index >= 0; index--) {
      const before = ending.files[index]
      if (!joins(before, files[files.length - 1], ending.seams)) break
      files.push(before)
    }
    return { files, ended: ending.endedRun === last.open.run }
  }

  #open(open: OpenLine, startByte: number): void {
    const none: Ending = { files: [], gaps: [], seams: new Map(), isBehind: false }
    const ending = this.#endings.get(open.source) ?? none
    this.#endings.set(open.source, ending)
    ending.files.push({ open, startByte })
    ending.isBehind = false
    if (ending.files.length > MOST_FILES) ending.files.shift()
    if (ending.seams.size > MOST_FILES) ending.seams.delete([...ending.seams.keys()][0])
  }
}

/** Of several lines for one name the last one counts. */
function close({ files }: Ending, { titles, ...recording }: RecordingLine): void {
  const index = files.findLastIndex(({ open }) => open.name === recording.name)
  if (index < 0) return
  const title = titles.at(-1)?.title
  files[index] = { ...files[index], recording: { ...recording, ...(title !== undefined && { title }) } }
}

/** What repair removes has held nothing. */
function remove(ending: Ending, name: string, heldNothing: boolean): void {
  const index = ending.files.findLastIndex(({ open }) => open.name === name)
  if (index < 0) return
  if (heldNothing) ending.files.splice(index, 1)
  else ending.files.splice(0, index + 1)
}

/** A file whose volume failed, or that goes on from such a one, is not where its number says. */
function isWhole({ open, recording }: LastFile): boolean {
  return open.continues === undefined && recording?.closedBy !== 'error'
}

function joins(before: LastFile, next: LastFile, seams: ReadonlyMap<string, string>): boolean {
  const { recording } = before
  if (!recording || !isWhole(before) || recording.closedBy === 'format-change') return false
  if (before.open.format !== next.open.format || before.open.codec !== next.open.codec) return false
  if (before.open.run !== next.open.run) return seams.get(next.open.run) === before.open.run
  return recording.seq + 1 === next.open.seq
}
