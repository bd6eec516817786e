import { SourceError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { CloseReason, DiscardReason, EpochMs, Recording, StreamMetadata } from '../../model.js'
import type { SplitPosition } from '../../splitters/splitter.js'
import { utcOffsetMinutes } from '../../time/strftime.js'
import { FileTaps } from '../plugins/file-taps.js'
import type { RunEnd } from '../stitch/source-tail.js'
import { GuardedMuxer } from '../plugins/guarded-muxer.js'
import { callPlugin, type PluginGuard } from '../plugins/plugin-guard.js'
import { FrameHistory } from './history.js'
import { recordingName } from './naming.js'
import { RecordingFile } from './recording-file.js'
import type { RunOptions } from './run-options.js'
import { serialOf } from './serial.js'
import { Turns } from './turns.js'

/** What the files of a run need beside the run's options. */
export interface FileSequenceOptions extends RunOptions {
  /** Wall clock of a moment of the run, given in seconds of audio from its start. */
  readonly timeAt: (seconds: number) => EpochMs
  readonly guard: PluginGuard
  /** Received bytes that are in no file. */
  readonly onLost: (bytes: number, reason: DiscardReason) => void
}

/** What of a span still has to be written. */
interface Pending {
  span?: FrameSpan
  /** Metadata that came in force with its first frame. */
  news?: StreamMetadata
}

/**
 * Cuts the spans of one run into consecutive files: every frame in exactly one, a new file at each new header. A splitter that fails
 * is asked no more: the file goes on. Where a muxer fails, writing ends; what it was given then, and all that follows, is lost.
 */
export class FileSequence {
  readonly #options: FileSequenceOptions
  readonly #history = new FrameHistory()
  /** Closes under way: a split never waits for the disk. */
  readonly #closing = new Set<Promise<void>>()
  readonly #openings = new Turns()
  readonly #closings = new Turns()
  #header?: HeaderCapture
  #format?: Format
  /** Seconds of audio before the current logical stream. */
  #earlierSeconds = 0
  #streamSamples = 0
  #file?: RecordingFile
  #fileStartSamples = 0
  #sequence = 0
  #title?: string
  #lostFrom?: EpochMs
  /** Frames of another run that the stream under these headers goes on from. */
  #before?: { readonly header?: HeaderCapture; readonly history: readonly FrameSpan[] }
  #mayWrite = true
  #maySplit = true

  constructor(options: FileSequenceOptions) {
    this.#options = options
  }

  /** Audio taken so far, in seconds. */
  get seconds(): number {
    return this.#earlierSeconds + (this.#header ? this.#streamSamples / this.#header.info.sampleRateHz : 0)
  }

  /** The file being written; undefined between files. */
  get recording(): Recording | undefined {
    return this.#file?.snapshot
  }

  /** Since when a failing volume has lost audio; undefined when it lost none. Known once `settled`. */
  get lostFrom(): EpochMs | undefined {
    return this.#lostFrom
  }

  /** What a run needs that goes on from here: the last frames and the title in force. */
  get end(): Pick<RunEnd, 'history' | 'title'> {
    return { history: this.#history.spans, ...(this.#title !== undefined && { title: this.#title }) }
  }

  /** The first frames to come follow, to the sample, on those of another run, as far as they have these headers. */
  goOn({ history, title }: Pick<RunEnd, 'history' | 'title'>, header?: HeaderCapture): void {
    this.#before = { history, ...(header && { header }) }
    this.#title = title
  }

  /** Takes frames; `metadata` came in force with the first of them. Never throws. */
  write(span: FrameSpan, metadata?: StreamMetadata): void {
    const pending: Pending = { span, ...(metadata && { news: metadata }) }
    this.#attempt(() => this.#write(pending))
    if (pending.span) this.#options.onLost(pending.span.bytes.length + pending.span.overheadBytes, 'plugin')
  }

  /** Passes over frames that are in no file: time goes on, and the next file may need them before its first frame. Never throws. */
  skip(span: FrameSpan): void {
    if (span.header !== this.#header) this.#beginStream(span.header)
    this.#history.add(span)
    this.#streamSamples += span.samples
  }

  /** Takes the next place in the run for something that is no recording. */
  takePlace(): number {
    return this.#sequence++
  }

  /** Ends the open file, if there is one. */
  close(reason: CloseReason): void {
    const file = this.#file
    if (!file) return
    this.#file = undefined
    const turn = this.#closings.take()
    const closing = file.close(reason, turn).then(({ recording, lostBytes }) => {
      turn.done()
      this.#closing.delete(closing)
      if (lostBytes > 0) this.#lose(lostBytes, recording ? endOf(recording) : file.startedAt)
      if (recording) this.#options.observer.onClose(recording)
    })
    this.#closing.add(closing)
  }

  /** The run's time was still being learnt when the open file began; now it is known. */
  retime(): void {
    const rateHz = this.#header?.info.sampleRateHz ?? 1
    const startedAt = this.#options.timeAt(this.#earlierSeconds + this.#fileStartSamples / rateHz)
    this.#attempt(() => this.#file?.retime(startedAt))
  }

  /** Resolves when every closed file is on disk. */
  async settled(): Promise<void> {
    await Promise.all(this.#closing)
  }

  #lose(bytes: number, from: EpochMs): void {
    this.#lostFrom = Math.min(from, this.#lostFrom ?? Infinity)
    this.#options.onLost(bytes, 'storage')
  }

  /** Does work that calls muxers, unless one has failed before. */
  #attempt(work: () => void): void {
    if (this.#mayWrite) this.#mayWrite = this.#options.guard.attempt(work)
  }

  /** Takes from `pending` what is in a file. @throws when a muxer fails */
  #write(pending: Pending): void {
    while (pending.span) {
      const { span, news } = pending
      if (span.header !== this.#header) this.#beginStream(span.header)
      const fresh = this.#file === undefined
      const file = this.#file ?? this.#open(span.header, news)
      const cut = this.#cut(file, span, news)
      const refused = fresh && cut === 0 // a file has at least one frame
      if (!fresh && cut !== 0 && news) this.#retitle(file, news)
      if (cut !== 0) delete pending.news
      const end = cut < 0 ? span.frames : refused ? 1 : cut
      const rest = end < span.frames ? span.slice(end, span.frames) : undefined
      if (end > 0) this.#append(file, span.slice(0, end))
      if (rest) pending.span = rest
      else delete pending.span
      if (cut >= 0 && !refused) this.close('boundary')
    }
  }

  #beginStream(header: HeaderCapture): void {
    this.close('format-change')
    this.#earlierSeconds = this.seconds
    this.#streamSamples = 0
    // a title that came with headers ends with them
    if (this.#title === this.#header?.metadata.title) this.#title = undefined
    this.#header = header
    this.#format = this.#options.formats.find((format) => format.name === header.format)
    this.#history.reset(this.#options.splitJoin === 'exact' ? (this.#format?.historySeconds ?? 0) : 0)
    if (this.#before?.header === header) for (const span of this.#before.history) this.#history.add(span)
    this.#before = undefined
    if (header.metadata.title === undefined) return
    this.#title = header.metadata.title
    this.#options.observer.onMetadata(header.metadata, this.#options.timeAt(this.seconds))
  }

  /** @returns -1 when the splitter fails */
  #cut(file: RecordingFile, span: FrameSpan, metadata?: StreamMetadata): number {
    const { splitter, guard, timeAt } = this.#options
    const position: SplitPosition = {
      at: timeAt(this.seconds),
      ...(metadata && { metadata }),
      recording: {
        startedAt: file.startedAt,
        durationSeconds: (this.#streamSamples - this.#fileStartSamples) / span.header.info.sampleRateHz,
        sizeBytes: file.sizeBytes,
      },
    }
    let cut = -1
    const ask = () => {
      cut = callPlugin(`the splitter ${splitter.constructor.name}`, 'cut', () => {
        const frame = splitter.cut(span, position)
        if (Number.isInteger(frame) && frame <= span.frames) return frame
        throw new RangeError(`it cuts at ${frame} of ${span.frames} frames`)
      })
    }
    if (this.#maySplit) this.#maySplit = guard.attempt(ask)
    return cut
  }

  #append(file: RecordingFile, span: FrameSpan): void {
    file.write(span)
    this.#history.add(span)
    this.#streamSamples += span.samples
  }

  #retitle(file: RecordingFile, metadata: StreamMetadata): void {
    if (metadata.title === undefined) return
    this.#title = metadata.title
    file.mark(metadata.title, this.#options.timeAt(this.seconds))
  }

  /** @throws when there is no muxer for it, or it cannot be encoded */
  #open(header: HeaderCapture, metadata?: StreamMetadata): RecordingFile {
    const { storage, ledger, clock, naming, source, observer, splitJoin, opusPrerollMs, id, guard, taps } =
      this.#options
    if (!this.#format) {
      const words = `the source sends ${header.format}, which is not among the formats to be recorded`
      throw new SourceError('ISR_FORMAT_UNKNOWN', words, { source })
    }
    const fileHeader = this.#format.fileHeader?.(header) ?? header
    if (metadata?.title !== undefined) this.#title = metadata.title
    const startedAt = this.#options.timeAt(this.seconds)
    this.#fileStartSamples = this.#streamSamples
    const context = {
      join: splitJoin,
      history: this.#history.spans,
      startedAt,
      utcOffsetMinutes: utcOffsetMinutes(startedAt, naming.timeZone),
      source,
      ...(this.#title !== undefined && { title: this.#title }),
      serial: serialOf(id, this.#sequence),
      opusPrerollMs,
    }
    this.#file = new RecordingFile({
      storage,
      ledger,
      clock,
      muxer: new GuardedMuxer(this.#format, fileHeader, context),
      guard,
      taps: new FileTaps(taps ?? [], ({ code, message }) => observer.onWarning(code, message)),
      header: fileHeader,
      context,
      name: recordingName(naming, startedAt, fileHeader.extension),
      run: id,
      sequence: this.#sequence++,
      ...(naming.timeZone !== undefined && { timeZone: naming.timeZone }),
      opening: this.#openings.take(),
      onOpen: (recording) => observer.onOpen(recording),
      onFault: (error) => observer.onFault(error),
    })
    return this.#file
  }
}

function endOf(recording: Recording): EpochMs {
  return recording.startedAt + recording.durationSeconds * 1000
}
