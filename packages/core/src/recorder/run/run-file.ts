import { StorageError, type IsrError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { CloseReason, DiscardReason, EpochMs, MonotonicMs, Recording } from '../../model.js'
import { utcOffsetMinutes } from '../../time/strftime.js'
import { FileTaps } from '../plugins/file-taps.js'
import { GuardedMuxer } from '../plugins/guarded-muxer.js'
import type { PluginGuard } from '../plugins/plugin-guard.js'
import { historySeconds } from './history/frame-history.js'
import { FrameLog, type LoggedSpan, type LoggedTitle } from './log/frame-log.js'
import type { RunPlace, RunPlaces } from './log/run-places.js'
import { SoonSafe } from './log/soon-safe.js'
import type { LoggedFile } from './log/source-log.js'
import { recordingName } from './naming.js'
import { RecordingFile } from './recording-file.js'
import type { RunOptions } from './run-options.js'
import { serialOf } from './serial.js'
import type { Turn, Turns } from './turns.js'

/** Frames that are in no file, with where they would have been, in seconds from the start of the run. */
export interface LostFrames {
  readonly bytes: number
  readonly reason: DiscardReason
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** What a {@link RunFile} is made of. */
export interface RunFileOptions {
  readonly run: RunOptions
  readonly format: Format
  /** Of the frames. */
  readonly header: HeaderCapture
  /** Frames before its first. */
  readonly history: readonly FrameSpan[]
  /** Title in force at its start. */
  readonly title?: string
  /** Audio of the run before it. */
  readonly startSeconds: number
  readonly timeAt: (seconds: number) => EpochMs
  readonly guard: PluginGuard
  readonly openings: Turns
  readonly places: RunPlaces
  readonly onLost: (lost: LostFrames) => void
}

/** Its volume takes nothing, and memory is full. */
const STALLED = 'takes nothing any more, and what waits for it fills the memory that it may have'
const HANGING = 'did not answer in time for the stop'

/**
 * One file of a run as the splitter sees it. When its volume fails it goes on in another file, to the frame: frames stay in memory
 * until they are durable, and what was not is written again as soon as the volume takes files.
 */
export class RunFile implements LoggedFile {
  readonly #options: RunFileOptions
  readonly #log: FrameLog
  readonly #fileHeader: HeaderCapture
  readonly #done: Promise<void>
  #resolveDone!: () => void
  /** The file on the volume; undefined while the volume fails. */
  #part?: RecordingFile
  #place: RunPlace
  /** Whether the ledger knows of the file at `#place`. */
  #isEntered = false
  #isRetry = false
  #startedAt: EpochMs
  /** Samples before the first frame of the log. */
  #passedSamples = 0
  #writtenBytes = 0
  /** Title in force before the first frame of the log. */
  #title?: string
  #news?: LoggedTitle
  #ending?: CloseReason

  /** Begins it, unless the volume is known to fail. @throws when the format cannot make such a file */
  constructor(options: RunFileOptions) {
    this.#options = options
    const { run, format, header, history, timeAt, startSeconds, title, places } = options
    this.#place = places.take()
    this.#fileHeader = format.fileHeader?.(header) ?? header
    this.#done = new Promise((resolve) => {
      this.#resolveDone = resolve
    })
    this.#title = title
    this.#startedAt = timeAt(startSeconds)
    const wantedSeconds = historySeconds(run.splitJoin, format, header)
    this.#log = new FrameLog(history, wantedSeconds, (entry) => this.#passed(entry))
    if (!run.outage.failure) this.#begin()
    run.log.open(this)
  }

  /** Wall clock of its first sample. */
  get startedAt(): EpochMs {
    return this.#startedAt
  }

  /** Size so far; about right once the volume has failed. */
  get sizeBytes(): number {
    return this.#isRetry || !this.#part ? this.#writtenBytes : this.#part.sizeBytes
  }

  /** The file that is being written; undefined while the volume fails. */
  get snapshot(): Recording | undefined {
    return this.#part?.snapshot
  }

  /** Received bytes that are in no file so far. */
  get waitingBytes(): number {
    if (this.#part) return 0
    return this.#log.spans.reduce((sum, { span }) => sum + span.bytes.length + span.overheadBytes, 0)
  }

  /** Its last frames, or those before it, as many as the next file may need. */
  get history(): readonly FrameSpan[] {
    return this.#log.last
  }

  get behindBytes(): number {
    return this.#part ? this.#part.sizeBytes - this.#part.writtenBytes : 0
  }

  get oldestAtMs(): MonotonicMs | undefined {
    return this.#log.oldestAtMs
  }

  get isWaiting(): boolean {
    return !this.#part && !(this.#log.isEmpty && this.#ending !== undefined)
  }

  /** Takes frames. @throws when the muxer fails: then they are in no file */
  write(span: FrameSpan): void {
    const { run } = this.#options
    this.settle()
    const part = this.#part
    part?.write(span)
    this.#writtenBytes += span.bytes.length
    this.#log.add({ span, atMs: run.clock.monotonicMs(), ...(this.#news && { title: this.#news }) })
    this.#news = undefined
    if (part && part === this.#part) part.note()
    run.log.take(span)
    SoonSafe.of(run.clock).add(this)
  }

  /** Notes a title from the next frame on. @throws when the muxer fails */
  mark(title: string, at: EpochMs): void {
    this.#news = { title, at }
    this.#part?.mark(title, at)
  }

  /** The time of its first sample is known better now. @throws when the muxer fails */
  retime(): void {
    const { timeAt, startSeconds } = this.#options
    this.#startedAt = timeAt(startSeconds)
    if (!this.#isRetry) this.#part?.retime(this.#startedAt)
  }

  /** No more frames come. Resolves when all are durable, or lost. Never rejects. */
  async close(reason: CloseReason, turn: Turn): Promise<void> {
    this.#ending = reason
    if (this.#part) await this.#end(this.#part, reason, turn)
    else await turn.ready
    turn.done()
    if (!this.#part && this.#log.isEmpty) this.#finish()
    return this.#done
  }

  tryAgain(): void {
    if (!this.isWaiting) return
    this.#isRetry = true
    this.#options.guard.attempt(() => this.#begin())
    if (this.#ending !== undefined) void this.#endRetry(this.#ending)
  }

  settle(): void {
    const part = this.#part
    if (!part) return
    this.#log.settle(part.durableBytes)
    if (this.#isRetry && this.#log.hasDurable) this.#options.run.outage.recovered()
  }

  overflow(): void {
    if (this.#part) {
      // what the system has taken is as safe as it gets where files are forced to disk more seldom than memory lasts
      const oldest = this.#log.oldestAtMs
      this.#log.settle(this.#part.writtenBytes)
      if (this.#log.oldestAtMs !== oldest) return
    }
    this.#stall(STALLED)
    this.#lose(this.#log.takeOldest())
  }

  giveUp(): boolean {
    this.#stall(HANGING)
    const hasLost = !this.#log.isEmpty
    while (!this.#log.isEmpty) this.#lose(this.#log.takeOldest())
    return hasLost
  }

  #stall(words: string): void {
    const { storage } = this.#options.run
    this.#part?.break(new StorageError('ISR_STORAGE_STALLED', `the volume of ${storage.location} ${words}`))
  }

  async #end(part: RecordingFile, reason: CloseReason, turn: Pick<Turn, 'ready'>): Promise<void> {
    const recording = await part.close(reason, turn)
    if (!recording || this.#part !== part) return
    this.#part = undefined
    this.#log.settleAll()
    this.#finish()
    this.#options.run.observer.onClose(recording)
    if (this.#isRetry) this.#options.run.outage.recovered()
  }

  async #endRetry(reason: CloseReason): Promise<void> {
    if (this.#part) await this.#end(this.#part, reason, { ready: Promise.resolve() })
    if (!this.#part && this.#log.isEmpty) this.#finish()
  }

  #finish(): void {
    const { log, clock } = this.#options.run
    log.close(this)
    SoonSafe.of(clock).delete(this)
    this.#resolveDone()
  }

  get #seconds(): number {
    const { startSeconds, header } = this.#options
    return startSeconds + this.#passedSamples / header.info.sampleRateHz
  }

  #passed({ span, title }: LoggedSpan): void {
    this.#passedSamples += span.samples
    if (title) this.#title = title.title
    this.#options.run.log.give(span)
  }

  #lose(entry: LoggedSpan | undefined): void {
    if (!entry) return
    const { span } = entry
    const toSeconds = this.#seconds
    const bytes = span.bytes.length + span.overheadBytes
    this.#options.onLost({ bytes, reason: 'storage', fromSeconds: toSeconds - span.durationSeconds, toSeconds })
    if (this.#ending !== undefined && this.#log.isEmpty && !this.#part) this.#finish()
  }

  #failed(part: RecordingFile, error: IsrError): void {
    if (this.#part !== part) return
    this.#part = undefined
    this.#log.settle(part.durableBytes)
    const recording = part.enterFailed(this.#log.cut())
    this.#isEntered = recording !== undefined
    if (recording) this.#options.run.observer.onClose(recording)
    this.#options.run.outage.failed(error)
  }

  /** A file for what is in the log. @throws when there can be none */
  #begin(): void {
    const entries = this.#log.spans
    this.#part = undefined
    try {
      this.#part = this.#createPart(entries.at(0)?.title?.title ?? this.#title)
    } catch (error) {
      this.#losePlugin(this.#log.takeFrom(0))
      throw error
    }
    for (const [index, { span, title }] of entries.entries()) {
      try {
        if (index > 0 && title) this.#part.mark(title.title, title.at)
        this.#part.write(span)
        this.#part.note()
      } catch (error) {
        this.#losePlugin(this.#log.takeFrom(index))
        throw error
      }
    }
  }

  #losePlugin(entries: readonly LoggedSpan[]): void {
    for (const { span } of entries) {
      const bytes = span.bytes.length + span.overheadBytes
      this.#options.onLost({ bytes, reason: 'plugin', fromSeconds: NaN, toSeconds: NaN })
    }
  }

  /** Begins a file at the first frame of the log. */
  #createPart(title: string | undefined): RecordingFile {
    const { run, format, timeAt, guard, openings, places, header } = this.#options
    const { storage, ledger, clock, naming, source, splitJoin, opusPrerollMs, observer, taps } = run
    const startedAt = timeAt(this.#seconds)
    const place = places.begin(this.#place, this.#seconds, this.#isEntered)
    const context = {
      join: splitJoin,
      history: this.#log.history,
      startedAt,
      utcOffsetMinutes: utcOffsetMinutes(startedAt, naming.timeZone),
      source,
      ...(title !== undefined && { title }),
      serial: serialOf(place.run, place.sequence),
      opusPrerollMs,
    }
    const muxer = new GuardedMuxer(format, this.#fileHeader, context)
    const part: RecordingFile = new RecordingFile({
      header: this.#fileHeader,
      ...{ storage, ledger, clock, muxer, guard, context },
      taps: new FileTaps(taps ?? [], ({ code, message }) => observer.onWarning(code, message)),
      log: this.#log,
      isEncoded: this.#fileHeader !== header,
      name: recordingName(naming, startedAt, this.#fileHeader.extension),
      ...place,
      ...(naming.timeZone !== undefined && { timeZone: naming.timeZone }),
      opening: openings.take(),
      onOpen: (recording) => observer.onOpen(recording),
      onFault: (error) => this.#failed(part, error),
    })
    this.#place = place
    return part
  }
}
