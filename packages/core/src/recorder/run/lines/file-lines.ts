import type { MuxerCounts } from '../../../formats/format.js'
import type { HeaderCapture } from '../../../formats/header-capture.js'
import { LEDGER_VERSION, type FileFacts, type OpenLine, type RecordingLine } from '../../../ledger/entry.js'
import { ledgerTime } from '../../../ledger/ledger-time.js'
import type { CloseReason, EpochMs, Recording, TitleMark } from '../../../model.js'

/** What stays the same of a file. */
export interface FileIdentity {
  /** Of what the file holds. */
  readonly header: HeaderCapture
  readonly context: { readonly source: string; readonly title?: string }
  readonly run: string
  readonly sequence: number
  /** Position in the run of the file that its volume did not take whole, and that this one goes on from. */
  readonly continues?: number
  readonly timeZone?: string
}

/** What becomes of it. */
export interface FileProgress {
  readonly name: string
  readonly startedAt: EpochMs
  readonly headerBytes: number
  readonly sizeBytes: number
  readonly counts: MuxerCounts
}

/** How it ended. */
export interface FileClosing extends Pick<RecordingLine, 'sha256' | 'headerSha256'> {
  readonly closedBy: CloseReason
  readonly receivedBytes: number
}

/** A hostile station may send a title a second; a line of the ledger stays readable. */
const MOST_TITLES = 1000

/** What ledger and listeners are told of one file. */
export class FileLines {
  readonly #file: FileIdentity
  readonly #titles: TitleMark[] = []

  constructor(file: FileIdentity) {
    this.#file = file
  }

  /** Notes a title. @param sample - of the file, from which on it holds */
  title(title: string, at: EpochMs, sample: number): void {
    if (this.#titles.length < MOST_TITLES) this.#titles.push({ at, sample, title })
  }

  /** The facts so far. */
  recording({ name, startedAt, sizeBytes, counts: { samples, frames } }: FileProgress): Recording {
    const { header, context, run, sequence } = this.#file
    const { format, info } = header
    const durationSeconds = samples / info.sampleRateHz
    const known = { name, source: context.source, format, info, startedAt, durationSeconds, samples, frames, sizeBytes }
    return { ...known, run, sequence, state: 'open' }
  }

  /** Written before the first byte. */
  open(progress: FileProgress): OpenLine {
    const { context } = this.#file
    return {
      v: LEDGER_VERSION,
      type: 'open',
      ...this.#facts(progress),
      headerBytes: progress.headerBytes,
      prerollFrames: progress.counts.prerollFrames,
      ...(context.title !== undefined && { title: context.title }),
    }
  }

  /** Written when it is complete, or given up. */
  closed(progress: FileProgress, { closedBy, receivedBytes, sha256, headerSha256 }: FileClosing): RecordingLine {
    const { header } = this.#file
    const { samples, frames, prerollFrames, prerollSamples } = progress.counts
    return {
      v: LEDGER_VERSION,
      type: 'recording',
      ...this.#facts(progress),
      samples,
      durationSeconds: samples / header.info.sampleRateHz,
      bytes: progress.sizeBytes,
      headerBytes: progress.headerBytes,
      receivedBytes,
      sha256,
      headerSha256,
      frames,
      prerollFrames,
      prerollSamples,
      closedBy,
      titles: this.#titles.map(({ at, sample, title }) => ({ at: ledgerTime(at).time, sample, title })),
    }
  }

  #facts({ name, startedAt }: FileProgress): Omit<FileFacts, 'v'> & Pick<RecordingLine, 'seq' | 'continues'> {
    const { header, context, run, sequence, continues, timeZone } = this.#file
    const { time, utcOffset } = ledgerTime(startedAt, timeZone)
    return {
      source: context.source,
      run,
      name,
      startedAt: time,
      utcOffset,
      format: header.format,
      codec: header.info.codec,
      sampleRate: header.info.sampleRateHz,
      channels: header.info.channels,
      seq: sequence,
      ...(continues !== undefined && { continues }),
    }
  }
}
