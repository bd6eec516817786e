import { builtInFormats } from '../../formats/registry.js'
import type { SourceEnd } from '../../ledger/read/last-files.js'
import type { LedgerScan } from '../../ledger/read/ledger-scan.js'
import type { EpochMs } from '../../model.js'
import type { EarlierAudio } from '../../recorder/stitch/earlier-audio.js'
import { EARLIER_WAIT_MS, REMEMBERED_SECONDS } from '../../recorder/stitch/source-tail.js'
import type { Opener } from '../../recovery/recover.js'
import type { Clock } from '../../time/clock.js'
import { readTail, type FileTail } from './earlier-tail.js'

/**
 * What ended longer ago no burst reaches: 64 KiB, as Icecast sends them, are 64 s of the slowest speech, and frames of 30 s are
 * compared. Beyond that a start reads nothing.
 */
const RECENT_MS = 120_000
/** So many files are read at a time. */
const AT_ONCE = 4

/** What {@link EarlierAudios} work with. */
export interface EarlierAudiosOptions {
  /** Folder of the recordings. */
  readonly directory: string
  readonly clock: Clock
  /** Ends it. */
  readonly signal: AbortSignal
}

/** How the sources of a folder ended before this start: what a restart within the burst of a server goes on from. */
export class EarlierAudios {
  readonly #options: EarlierAudiosOptions
  readonly #waiting = new Map<string, (audio: EarlierAudio | undefined) => void>()

  constructor(options: EarlierAudiosOptions) {
    this.#options = options
  }

  /** The end of a source; resolves with undefined when nothing may go on from there. Never rejects. */
  of(source: string): Promise<EarlierAudio | undefined> {
    return new Promise((resolve) => {
      this.#waiting.set(source, resolve)
    })
  }

  /**
   * Reads the ends of files, before repair makes them anew. A file that cannot be read leaves a gap, and nothing else. Never rejects.
   * @param openerOf - who has opened the file whose line begins there
   */
  async read({ lastFiles }: LedgerScan, openerOf: (startByte: number) => Opener): Promise<void> {
    const waiting = [...this.#waiting.keys()]
    const late = new AbortController()
    const timer = this.#options.clock.after(EARLIER_WAIT_MS, () => late.abort())
    const signal = AbortSignal.any([this.#options.signal, late.signal])
    const work = async () => {
      for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
        const end = lastFiles.endOf(source)
        const audio = end && isOver(end, openerOf) ? await this.#read(end, signal).catch(() => undefined) : undefined
        this.#tell(source, audio)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    timer.cancel()
  }

  /** Nothing more is found out. */
  end(): void {
    for (const source of [...this.#waiting.keys()]) this.#tell(source, undefined)
  }

  #tell(source: string, audio: EarlierAudio | undefined): void {
    this.#waiting.get(source)?.(audio)
    this.#waiting.delete(source)
  }

  async #read({ files }: SourceEnd, signal: AbortSignal): Promise<EarlierAudio | undefined> {
    const { directory, clock } = this.#options
    const format = builtInFormats.find(({ name }) => name === files[0].open.format)
    if (!format?.identity) return undefined
    const isRecent = (at: EpochMs) => Math.abs(clock.now() - at) <= RECENT_MS
    const parts: FileTail[] = []
    let last: (typeof files)[number] | undefined
    let seconds = REMEMBERED_SECONDS
    for (const file of files) {
      if (seconds <= 0 || signal.aborted) break
      const { recording } = file
      if (!last && recording && !isRecent(Date.parse(recording.startedAt) + recording.durationSeconds * 1000)) break
      const read = readTail(file, { directory, format, seconds, isRecent, signal })
      const tail = last ? await read.catch(() => undefined) : await read
      if (!tail) break
      if (tail.frames.length === 0) continue
      last ??= file
      parts.unshift(tail)
      seconds -= tail.frames.reduce((sum, span) => sum + span.durationSeconds, 0)
    }
    const endsAt = parts.at(-1)?.endsAt
    if (!last || endsAt === undefined || !isRecent(endsAt)) return undefined
    // of a file left open only the title at its start is known
    const title = last.recording?.title
    const frames = parts.flatMap((part) => part.frames)
    return { run: last.open.run, endsAt, frames, ...(title !== undefined && { title }) }
  }
}

/** Whether nobody goes on with it. Repair has made sure of that before it recovered a file, and forgotten who it was. */
function isOver({ files: [last], ended }: SourceEnd, openerOf: (startByte: number) => Opener): boolean {
  const opener = openerOf(last.startByte)
  const wasOver = ended || last.recording?.closedBy === 'recovered'
  return opener === 'nobody' || (wasOver && opener === 'unknown')
}
