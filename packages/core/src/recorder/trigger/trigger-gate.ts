import { amplitude } from '../../analysis/detectors/decibels.js'
import type { LevelSink } from '../../analysis/silence/silence-alarm.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { CloseReason, EpochMs, StreamMetadata } from '../../model.js'
import type { OpenSpanMeter } from '../levels/span-meter.js'
import { AudioLength } from './audio-length.js'
import { GateStream } from './gate-stream.js'
import { QuietStretch, type Quiet } from './quiet-stretch.js'
import type { SpanSink } from './span-ring.js'
import type { TriggerEnd, TriggerSettings, TriggerStart } from './trigger-options.js'

/** What a {@link TriggerGate} works with. */
export interface TriggerGateOptions {
  readonly trigger: TriggerSettings
  /** Takes what is recorded, and passes over what is not; `seconds` is the audio of both so far. */
  readonly files: SpanSink & { readonly seconds: number; close(reason: CloseReason): void }
  /** Wall clock of a moment of the run, given in seconds of audio from its start. */
  readonly timeAt: (seconds: number) => EpochMs
  /** The first that takes a header measures its frames. */
  readonly openMeters: readonly OpenSpanMeter[]
  /** Told all levels, those of what is not recorded included. Default nobody. */
  readonly levels?: LevelSink
  readonly onStart: (sound: TriggerStart) => void
  readonly onEnd: (sound: TriggerEnd) => void
  /** What is not recorded has ended: a file follows, or the end of the run. */
  readonly onQuiet: (quiet: Quiet) => void
  readonly onWarning: (code: string, message: string) => void
}

/** What of a gate the recorder gives; the rest comes from its run. */
export type RunTrigger = Pick<TriggerGateOptions, 'trigger' | 'openMeters' | 'levels' | 'onStart' | 'onEnd'>

/**
 * Sound-activated recording: stands between a framer and the files of a run, and lets pass what is loud, with some audio before it and after.
 * What is before waits in memory, so nothing is written twice, and each piece begins and ends at just the sample (of PCM; else the frame).
 */
export class TriggerGate {
  readonly #options: TriggerGateOptions
  readonly #quiet = new QuietStretch()
  readonly #skipped = new AudioLength()
  #stream?: GateStream
  /** A stream whose last levels are still being measured: what follows waits. */
  #ending?: { readonly stream: GateStream; readonly ended: Promise<void> }
  readonly #waiting: { readonly span: FrameSpan; readonly metadata?: StreamMetadata }[] = []
  /** Seconds of the run at which recording began; undefined while nothing is recorded, or all because levels are not known. */
  #begunAt?: number
  /** How long sound of the stream before goes on, in seconds. */
  #heldSeconds?: number

  constructor(options: TriggerGateOptions) {
    this.#options = options
  }

  /** Audio that waits for a decision, in seconds. */
  get waitingSeconds(): number {
    const queued = this.#waiting.reduce((sum, { span }) => sum + span.durationSeconds, 0)
    return queued + (this.#stream?.waitingSeconds ?? 0) + (this.#ending?.stream.waitingSeconds ?? 0)
  }

  /** Audio that was not recorded, in seconds. */
  get skippedSeconds(): number {
    return this.#skipped.seconds
  }

  /** Takes frames; `metadata` came in force with the first of them. */
  write(span: FrameSpan, metadata?: StreamMetadata): void {
    if (this.#stream && this.#stream.header !== span.header) this.#retire(this.#stream)
    if (this.#ending) {
      this.#waiting.push({ span, ...(metadata && { metadata }) })
      return
    }
    this.#stream ??= this.#openStream(span.header)
    this.#stream.push(span, metadata)
  }

  /** No more frames come: the last are decided, at once when levels are. Never rejects. */
  async end(): Promise<void> {
    while (this.#ending || this.#stream) {
      if (this.#stream && !this.#ending) this.#retire(this.#stream)
      if (this.#ending) await this.#ending.ended
    }
    this.#endSound()
    this.#endQuiet()
    this.#options.levels?.end()
  }

  #retire(stream: GateStream): void {
    this.#stream = undefined
    const ended = stream.end().then(() => {
      if (this.#ending?.stream !== stream) return
      this.#ending = undefined
      this.#heldSeconds = stream.heldSeconds
      for (const { span, metadata } of this.#waiting.splice(0)) this.write(span, metadata)
    })
    this.#heldSeconds = stream.heldSeconds
    if (!stream.isDone) this.#ending = { stream, ended }
  }

  #openStream(header: HeaderCapture): GateStream {
    const { trigger, files, openMeters, levels, timeAt } = this.#options
    const { db, preRecordSeconds, holdSeconds } = trigger
    return new GateStream(header, {
      threshold: amplitude(db),
      preRecordSeconds,
      holdSeconds,
      ...(this.#heldSeconds !== undefined && { heldSeconds: this.#heldSeconds }),
      openMeters,
      write: (span, metadata) => {
        this.#endQuiet()
        files.write(span, metadata)
      },
      skip: (span) => {
        this.#quiet.add(span, timeAt(files.seconds))
        this.#skipped.add(span.samples, span.header.info.sampleRateHz)
        files.skip(span)
      },
      onLevels: (block, aheadSeconds) => levels?.push(block, timeAt(files.seconds + aheadSeconds)),
      onBegin: (aheadSeconds, level) => this.#beginSound(aheadSeconds, level),
      onEnd: () => {
        files.close('boundary')
        this.#endSound()
      },
      onBlind: (why) => this.#options.onWarning('trigger-blind', `${why}: everything is recorded`),
    })
  }

  #beginSound(aheadSeconds: number, level: number): void {
    const { files, timeAt, onStart } = this.#options
    this.#begunAt = files.seconds
    onStart({ at: timeAt(files.seconds + aheadSeconds), from: timeAt(files.seconds), levelDb: level })
  }

  #endSound(): void {
    const { files, timeAt, onEnd } = this.#options
    if (this.#begunAt === undefined) return
    // a difference of sums: whole microseconds
    const seconds = Math.round((files.seconds - this.#begunAt) * 1e6) / 1e6
    onEnd({ at: timeAt(files.seconds), seconds })
    this.#begunAt = undefined
  }

  #endQuiet(): void {
    const { files, timeAt, onQuiet } = this.#options
    const quiet = this.#quiet.end(timeAt(files.seconds))
    if (quiet) onQuiet(quiet)
  }
}
