import { SourceError, type IsrError } from '../../errors.js'
import { DetectingFramer } from '../../formats/detecting-framer.js'
import type { FramerSink } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import { PcmFramer } from '../../formats/wav/pcm-framer.js'
import type { Chunk, CloseReason, EpochMs, Recording, StreamMetadata } from '../../model.js'
import type { Connection } from '../../sources/source.js'
import { RunTimeline, type TimeStep } from '../../time/run-timeline.js'
import { GuardedFramer } from '../plugins/guarded-framer.js'
import { namedFormat, namedFramer } from '../plugins/named-format.js'
import { PluginGuard } from '../plugins/plugin-guard.js'
import { BurstHold, type FoundSeam } from '../stitch/burst-hold.js'
import type { DroppedFrames, HeldSpan } from '../stitch/held-frames.js'
import { isOtherWay } from '../stitch/judge-overlap.js'
import { TriggerGate, type RunTrigger } from '../trigger/trigger-gate.js'
import { DiscardLog } from './discard-log.js'
import { FileSequence } from './file-sequence.js'
import { RunLines } from './lines/run-lines.js'
import type { LostTime } from './log/run-places.js'
import { newRunId } from './run-id.js'
import type { LostAudio, RunOptions } from './run-options.js'

/** One unbroken connection becoming recordings: chunks in, files out, every received byte accounted for. */
export class Run {
  #id: string
  readonly #options: RunOptions
  #startedAt: EpochMs
  readonly #live: boolean
  /** Counts in seconds, because logical streams of one connection may differ in rate. */
  #timeline: RunTimeline
  readonly #guard: PluginGuard
  readonly #framer: GuardedFramer
  readonly #files: FileSequence
  /** Stands before the files when only sound is recorded. */
  readonly #gate?: TriggerGate
  readonly #discards: DiscardLog
  readonly #lines: RunLines
  #receivedBytes = 0
  /** Of runs that ended because audio behind them was lost, and of quiet stretches. */
  #brokenBytes = 0
  #quietBytes = 0
  /** First frames; undefined once they went on. */
  #hold?: BurstHold
  #released = false
  /** Audio that came again, in seconds. */
  #repeatedSeconds = 0
  #seam?: FoundSeam
  /** How much later than on the way before audio comes on this one. */
  #lagMs = 0
  /** Transport metadata that waits for its first frame. */
  #news?: StreamMetadata

  constructor(connection: Pick<Connection, 'contentType' | 'pcm' | 'pace'>, options: RunOptions) {
    const { clock } = options
    this.#id = options.id
    this.#options = options
    this.#startedAt = clock.now()
    this.#live = connection.pace !== 'unpaced'
    this.#timeline = this.#createTimeline(options.startingAt)
    if (options.startingAt === undefined) this.#hold = this.#createHold()
    this.#lines = new RunLines(options)
    this.#discards = new DiscardLog((discard) => this.#lines.discarded(this.#id, discard))
    this.#guard = new PluginGuard((error) => options.observer.onFault(error))
    this.#files = new FileSequence({
      run: options,
      timeAt: (seconds) => this.#timeline.at(seconds),
      guard: this.#guard,
      onLost: (bytes, reason) => this.#discards.add(bytes, reason),
      onBreak: (lost) => this.#goOnBehind(lost),
      onGap: (lost) => options.observer.onLost(this.#lostAudio(lost)),
    })
    this.#gate = options.trigger && this.#createGate(options.trigger)
    this.#framer = this.#createFramer(connection)
  }

  /** Identifies it in the ledger; another one once it went on behind lost audio. */
  get id(): string {
    return this.#id
  }

  /** Bytes of the run that goes on: all, unless audio was lost amid it. */
  get ownBytes(): number {
    return this.#receivedBytes - this.#brokenBytes
  }

  /** Bytes taken so far. */
  get receivedBytes(): number {
    return this.#receivedBytes
  }

  /** Audio so far, in seconds. */
  get audioSeconds(): number {
    return this.#files.seconds + (this.#gate?.waitingSeconds ?? 0) + (this.#hold?.seconds ?? 0)
  }

  /** Audio so far, in seconds, but for what is in no file because nothing was to be heard. */
  get recordedSeconds(): number {
    if (this.#gate) return this.#files.seconds - this.#gate.skippedSeconds
    return this.#files.seconds + (this.#hold?.seconds ?? 0)
  }

  /** Audio that came in, in seconds, recorded before or not. */
  get heardSeconds(): number {
    return this.audioSeconds + this.#repeatedSeconds
  }

  /** Wall clock of the end of the audio that was kept, or was not to be heard; undefined when there was none. */
  get audioEndsAt(): EpochMs | undefined {
    return this.audioSeconds > 0 ? this.#timeline.at(this.audioSeconds) : undefined
  }

  /** What a plug-in failed with; undefined when none did. */
  get fault(): IsrError | undefined {
    return this.#guard.fault
  }

  /** The file being written; undefined between files. */
  get recording(): Recording | undefined {
    return this.#files.recording
  }

  /** Takes one chunk; synchronous, never throws, never waits for the disk. */
  push(chunk: Chunk): void {
    const nowMs = this.#options.clock.monotonicMs()
    if (chunk.metadata) {
      this.#news = chunk.metadata
      this.#options.observer.onMetadata(chunk.metadata, this.#options.clock.now())
    }
    this.#receivedBytes += chunk.bytes.length
    this.#framer.push(chunk.bytes)
    const arrivedAtMs = chunk.arrivedAtMs ?? nowMs
    const settled = this.#timeline.settled
    this.#timeline.observe(arrivedAtMs - this.#lagMs, this.audioSeconds)
    this.#hold?.arrived(arrivedAtMs)
    if (!settled && this.#timeline.settled) this.#files.retime()
    this.#discards.tick(nowMs)
  }

  /** Ends the run: the last frames, the last file, the account. Never rejects. */
  async end(reason: CloseReason, cause: IsrError): Promise<void> {
    this.#framer.flush()
    this.#hold?.end()
    if (this.#gate) await this.#gate.end()
    this.#files.close(reason)
    this.#leaveTail()
    await this.#files.settled()
    this.#discards.flush()
    if (this.ownBytes > 0) this.#account(cause, this.ownBytes)
  }

  #createFramer({ pcm, contentType }: Pick<Connection, 'contentType' | 'pcm'>): GuardedFramer {
    const { formats, observer } = this.#options
    const onUnknown = (looksLike: string) =>
      observer.onFault(
        new SourceError('ISR_FORMAT_UNKNOWN', `the source sends ${looksLike}, not audio that can be recorded`),
      )
    const create = (sink: FramerSink) =>
      pcm
        ? namedFramer('raw PCM', new PcmFramer(pcm, sink))
        : new DetectingFramer({ formats: formats.map(namedFormat), contentType, sink, onUnknown })
    const sink: FramerSink = {
      onSpan: (span) => this.#take(span),
      onDiscard: (bytes, reason) => this.#discards.add(bytes, reason),
    }
    return new GuardedFramer(create, sink, this.#guard)
  }

  #take(span: FrameSpan): void {
    const metadata = this.#news
    this.#news = undefined
    if (this.#hold) this.#hold.push(span, metadata)
    else if (this.#released) this.#write(span, metadata)
    else this.#release([{ span, ...(metadata && { metadata }) }])
  }

  #createTimeline(startingAt?: EpochMs): RunTimeline {
    return new RunTimeline({
      clock: this.#options.clock,
      sampleRateHz: 1,
      pace: this.#live ? 'live' : 'unpaced',
      ...(startingAt !== undefined && { startingAt }),
      onStep: (step) => this.#warnOfStep(step),
    })
  }

  #createHold(): BurstHold {
    const { clock, tail } = this.#options
    return new BurstHold({
      clock,
      live: this.#live,
      ...(tail && { tail }),
      timeline: () => this.#timeline,
      onDuplicates: (dropped) => this.#repeat(dropped),
      onSeam: (seam) => this.#join(seam),
      onRelease: (spans) => this.#release(spans),
    })
  }

  #repeat({ bytes, seconds, metadata }: DroppedFrames): void {
    this.#discards.add(bytes, 'duplicate')
    this.#repeatedSeconds += seconds
    if (metadata) this.#news ??= metadata
  }

  /** Time and files go on where the run before ended. */
  #join(seam: FoundSeam): void {
    this.#seam = seam
    this.#timeline = this.#createTimeline(seam.end.endsAt)
    if (isOtherWay(seam.lagMs)) this.#lagMs = seam.lagMs
    this.#files.goOn(seam.end, seam.header)
  }

  /** The time of the first sample is known now: what was held goes on. */
  #release(spans: readonly HeldSpan[]): void {
    this.#hold = undefined
    this.#released = true
    const { observer, tail } = this.#options
    if (this.#seam) this.#lines.joined(this.#id, this.#seam, this.#timeline.at(0))
    else tail?.forget()
    observer.onAudio(this.#timeline.at(0))
    for (const { span, metadata } of spans) this.#write(span, metadata)
  }

  #write(span: FrameSpan, metadata?: StreamMetadata): void {
    this.#options.tail?.add(span)
    if (this.#gate) this.#gate.write(span, metadata)
    else this.#files.write(span, metadata)
  }

  #createGate(trigger: RunTrigger): TriggerGate {
    return new TriggerGate({
      ...trigger,
      files: this.#files,
      timeAt: (seconds) => this.#timeline.at(seconds),
      onQuiet: (quiet) => {
        this.#quietBytes += quiet.bytes
        this.#lines.quiet(this.#id, quiet, this.#files.takePlace())
      },
      onWarning: (code, message) => this.#options.observer.onWarning(code, message),
    })
  }

  #warnOfStep({ byMs, cause }: TimeStep): void {
    const seconds = `${Math.abs(byMs / 1000).toFixed(1)} s ${byMs < 0 ? 'back' : 'forward'}`
    const [code, message] =
      cause === 'clock'
        ? ['clock-step', `the clock of this machine was set ${seconds}`]
        : ['stream-skip', `the source left out audio: its time went ${seconds}`]
    this.#options.observer.onWarning(code, message)
  }

  /** What the next run may go on from: nothing, when a volume or a plug-in has lost something. */
  #leaveTail(): void {
    const { tail } = this.#options
    const endsAt = this.audioEndsAt
    if (!tail || endsAt === undefined) return
    if (this.#files.hasLost || this.fault) tail.forget()
    else tail.close({ run: this.#id, endsAt, ...this.#files.end })
  }

  /** A gap is never hidden in a run: what was lost for want of memory ends it, and what is behind that is another one. */
  #goOnBehind(lost: LostTime): string {
    const { observer, clock } = this.#options
    const { run, from, to, cause } = this.#lostAudio(lost)
    this.#discards.flush()
    const receivedBytes = this.#files.keptBytes + this.#discards.totalBytes + this.#quietBytes - this.#brokenBytes
    this.#account(cause, receivedBytes)
    this.#brokenBytes += receivedBytes
    this.#startedAt = clock.now()
    this.#id = newRunId(this.#startedAt)
    observer.onLost({ run, from, to, cause })
    observer.onBreak({ run, receivedBytes, cause }, this.#id, to)
    return this.#id
  }

  #lostAudio({ fromSeconds, toSeconds }: LostTime): LostAudio {
    const [from, to] = [this.#timeline.at(fromSeconds), this.#timeline.at(toSeconds)]
    return { run: this.#id, from, to, cause: this.#options.outage.error }
  }

  #account(cause: IsrError, receivedBytes: number): void {
    const { driftPpm, steps: timeSteps } = this.#timeline
    this.#lines.ended(this.#id, { startedAt: this.#startedAt, receivedBytes, cause: cause.code, driftPpm, timeSteps })
  }
}
