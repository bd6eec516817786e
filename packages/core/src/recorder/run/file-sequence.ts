import { SourceError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { CloseReason, DiscardReason, EpochMs, Recording, StreamMetadata } from '../../model.js'
import type { SplitPosition } from '../../splitters/splitter.js'
import type { RunEnd } from '../stitch/source-tail.js'
import { callPlugin, type PluginGuard } from '../plugins/plugin-guard.js'
import { FrameHistory, historySeconds } from './history/frame-history.js'
import { RunPlaces, type LostTime } from './log/run-places.js'
import { RunFile, type LostFrames } from './run-file.js'
import type { RunOptions } from './run-options.js'
import { Turns } from './turns.js'

/** What a {@link FileSequence} needs. */
export interface FileSequenceOptions {
  readonly run: RunOptions
  /** Wall clock of a moment of the run, given in seconds of audio from its start. */
  readonly timeAt: (seconds: number) => EpochMs
  readonly guard: PluginGuard
  /** Received bytes that are in no file. */
  readonly onLost: (bytes: number, reason: DiscardReason) => void
  /** Audio is lost, and what follows is another run. @returns its name */
  readonly onBreak: (lost: LostTime) => string
  /** Audio is lost, and nothing follows that would be another run. */
  readonly onGap: (lost: LostTime) => void
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
  /** The last frames while no file is open: an open one knows them itself. */
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
  #file?: RunFile
  #fileStartSamples = 0
  readonly #places: RunPlaces
  /** Those of which frames are in memory. */
  readonly #files = new Set<RunFile>()
  #keptBytes = 0
  #hasLost = false
  #title?: string
  /** Frames of another run that the stream under these headers goes on from. */
  #before?: { readonly header?: HeaderCapture; readonly history: readonly FrameSpan[] }
  #mayWrite = true
  #maySplit = true

  constructor(options: FileSequenceOptions) {
    this.#options = options
    const { run, onBreak, onGap } = options
    this.#places = new RunPlaces({ run: run.id, onBreak, onGap })
  }

  /** Audio taken so far, in seconds. */
  get seconds(): number {
    return this.#earlierSeconds + (this.#header ? this.#streamSamples / this.#header.info.sampleRateHz : 0)
  }

  /** The file being written; undefined between files. */
  get recording(): Recording | undefined {
    return this.#file?.snapshot
  }

  /** Whether a failing volume has lost audio. */
  get hasLost(): boolean {
    return this.#hasLost
  }

  /** Received bytes that are in files, or on their way there. */
  get keptBytes(): number {
    let waiting = 0
    for (const file of this.#files) waiting += file.waitingBytes
    return this.#keptBytes - waiting
  }

  /** What a run needs that goes on from here: the last frames and the title in force. */
  get end(): Pick<RunEnd, 'history' | 'title'> {
    const history = this.#file?.history ?? this.#history.spans
    return { history, ...(this.#title !== undefined && { title: this.#title }) }
  }

  /** The first frames to come follow, to the sample, on those of another run, as far as they have these headers. */
  goOn({ history, title }: Pick<RunEnd, 'history' | 'title'>, header?: HeaderCapture): void {
    this.#before = { history, ...(header && { header }) }
    this.#title = title
  }

  /** Takes frames; `metadata` came in force with the first of them. Never throws. */
  write(span: FrameSpan, metadata?: StreamMetadata): void {
    const pending: Pending = { span, ...(metadata && { news: metadata }) }
    const bytes = span.bytes.length + span.overheadBytes
    this.#keptBytes += bytes
    this.#attempt(() => this.#write(pending))
    if (pending.span) this.#lose(pending.span.bytes.length + pending.span.overheadBytes, 'plugin')
  }

  /** Passes over frames that are in no file: time goes on, and the next file may need them before its first frame. Never throws. */
  skip(span: FrameSpan): void {
    if (span.header !== this.#header) this.#beginStream(span.header)
    this.#history.add(span)
    this.#streamSamples += span.samples
  }

  /** Takes the next place in the run for something that is no recording. */
  takePlace(): number {
    return this.#places.take().sequence
  }

  /** Ends the open file, if there is one. */
  close(reason: CloseReason): void {
    if (reason !== 'boundary' && this.#header) this.#options.run.live?.endOf(this.#header)
    const file = this.#file
    if (!file) return
    this.#file = undefined
    this.#history.reset(this.#history.wantedSeconds)
    for (const span of file.history) this.#history.add(span)
    const closing = file.close(reason, this.#closings.take()).then(() => {
      this.#closing.delete(closing)
      this.#files.delete(file)
    })
    this.#closing.add(closing)
  }

  /** The run's time was still being learnt when the open file began; now it is known. */
  retime(): void {
    this.#attempt(() => this.#file?.retime())
  }

  /** Resolves when all of every closed file is on disk, or lost. */
  async settled(): Promise<void> {
    await Promise.all(this.#closing)
    this.#places.end()
  }

  #lose(bytes: number, reason: DiscardReason): void {
    this.#keptBytes -= bytes
    this.#options.onLost(bytes, reason)
  }

  #loseFrames({ bytes, reason, ...lost }: LostFrames): void {
    this.#lose(bytes, reason)
    if (reason !== 'storage') return
    this.#hasLost = true
    this.#places.lose(lost)
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
    this.#format = this.#options.run.formats.find((format) => format.name === header.format)
    this.#history.reset(historySeconds(this.#options.run.splitJoin, this.#format, header))
    if (this.#before?.header === header) for (const span of this.#before.history) this.#history.add(span)
    this.#before = undefined
    if (header.metadata.title === undefined) return
    this.#title = header.metadata.title
    this.#options.run.observer.onMetadata(header.metadata, this.#options.timeAt(this.seconds))
  }

  /** @returns -1 when the splitter fails */
  #cut(file: RunFile, span: FrameSpan, metadata?: StreamMetadata): number {
    const { run, guard, timeAt } = this.#options
    const { splitter } = run
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

  #append(file: RunFile, span: FrameSpan): void {
    file.write(span)
    this.#options.run.live?.push(span)
    this.#streamSamples += span.samples
  }

  #retitle(file: RunFile, metadata: StreamMetadata): void {
    if (metadata.title === undefined) return
    this.#title = metadata.title
    file.mark(metadata.title, this.#options.timeAt(this.seconds))
  }

  /** @throws when there is no muxer for it, or it cannot be encoded */
  #open(header: HeaderCapture, metadata?: StreamMetadata): RunFile {
    const { run, guard, timeAt } = this.#options
    if (!this.#format) {
      const words = `the source sends ${header.format}, which is not among the formats to be recorded`
      throw new SourceError('ISR_FORMAT_UNKNOWN', words, { source: run.source })
    }
    if (metadata?.title !== undefined) this.#title = metadata.title
    this.#fileStartSamples = this.#streamSamples
    this.#file = new RunFile({
      format: this.#format,
      ...{ run, header, guard, timeAt },
      history: this.#history.spans,
      ...(this.#title !== undefined && { title: this.#title }),
      startSeconds: this.seconds,
      openings: this.#openings,
      places: this.#places,
      onLost: (lost) => this.#loseFrames(lost),
    })
    this.#files.add(this.#file)
    return this.#file
  }
}
