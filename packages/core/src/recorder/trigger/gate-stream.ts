import { levelDb } from '../../analysis/levels/level-db.js'
import { overallRms, type LevelBlock } from '../../analysis/levels/levels.js'
import { windowStart } from '../../analysis/levels/window-start.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { StreamMetadata } from '../../model.js'
import type { OpenSpanMeter, SpanMeter } from '../levels/span-meter.js'
import { SpanRing, type SpanSink } from './span-ring.js'

/** What a {@link GateStream} tells and asks. */
export interface GateStreamOptions extends SpanSink {
  /** RMS from which on a window is loud; linear. */
  readonly threshold: number
  readonly preRecordSeconds: number
  readonly holdSeconds: number
  /** Sound that began in the stream before goes on for so long, in seconds; undefined when there was none. */
  readonly heldSeconds?: number
  /** The first that takes a header measures it. */
  readonly openMeters: readonly OpenSpanMeter[]
  /** Levels, in order; `aheadSeconds` from the first frame that waits to the start of the windows; negative when it is written already. */
  readonly onLevels: (block: LevelBlock, aheadSeconds: number) => void
  /** Recording begins with the next frame that is written. */
  readonly onBegin: (aheadSeconds: number, levelDb: number) => void
  /** Recording has ended with the last frame that was written. */
  readonly onEnd: () => void
  /** Levels cannot be had: everything is recorded. */
  readonly onBlind: (why: string) => void
}

/** A decoder that lags this far behind is not waited for. */
const MOST_UNDECIDED_SECONDS = 30

/** Decides for one logical stream, window by window, what is recorded of it. What cannot be decided is recorded. */
export class GateStream {
  readonly header: HeaderCapture
  readonly #options: GateStreamOptions
  readonly #ring: SpanRing
  readonly #rateHz: number
  readonly #meter?: SpanMeter
  /** Sample up to which everything is recorded; undefined while nothing is. */
  #keepUntil?: number
  #windows = 0
  /** Samples whose levels are known. */
  #decided = 0

  constructor(header: HeaderCapture, options: GateStreamOptions) {
    this.header = header
    this.#options = options
    this.#rateHz = header.info.sampleRateHz
    this.#ring = new SpanRing(options)
    if (options.heldSeconds !== undefined) this.#keepUntil = Math.round(options.heldSeconds * this.#rateHz)
    for (const open of options.openMeters) this.#meter ??= open(header, (block) => this.#judge(block))
    if (!this.#meter) this.#open(`levels of ${header.info.codec} cannot be measured`)
  }

  /** Audio that waits for a decision, in seconds. */
  get waitingSeconds(): number {
    return (this.#ring.end - this.#ring.start) / this.#rateHz
  }

  /** How long sound is held beyond the frames so far, in seconds; undefined when nothing is recorded. */
  get heldSeconds(): number | undefined {
    if (this.#keepUntil === undefined || this.#keepUntil === Infinity) return undefined
    return Math.max(0, this.#keepUntil - this.#ring.end) / this.#rateHz
  }

  /** Whether every frame was written or skipped. */
  get isDone(): boolean {
    return this.#ring.start === this.#ring.end
  }

  /** Takes frames. */
  push(span: FrameSpan, metadata?: StreamMetadata): void {
    this.#ring.push(span, metadata)
    if (this.#keepUntil !== Infinity) this.#measure(span)
    if (this.#ring.end - this.#decided > MOST_UNDECIDED_SECONDS * this.#rateHz && this.#keepUntil !== Infinity)
      this.#open('levels are not measured fast enough')
    this.#settle()
  }

  /** No frames follow. Resolves when all are written or skipped; at once when levels are. */
  end(): Promise<void> {
    const ended = this.#meter?.end() ?? Promise.resolve()
    // levels of PCM are told by now
    if (this.#decided >= this.#ring.end) this.#finish()
    return ended.catch((error: unknown) => this.#open(String(error))).then(() => this.#finish())
  }

  #measure(span: FrameSpan): void {
    try {
      this.#meter?.write(span)
    } catch (error) {
      this.#open(String(error))
    }
  }

  #finish(): void {
    // what a decoder swallowed at the end nobody can judge
    if (this.#keepUntil !== undefined) this.#ring.writeTo(Infinity)
    else this.#ring.skipTo(Infinity)
  }

  #open(why: string): void {
    if (this.#keepUntil !== Infinity) this.#options.onBlind(why)
    this.#keepUntil = Infinity
  }

  #judge(block: LevelBlock): void {
    const { threshold, preRecordSeconds, holdSeconds, onLevels, onBegin } = this.#options
    onLevels(block, this.#aheadSeconds(windowStart(this.#windows, this.#rateHz)))
    if (this.#keepUntil === Infinity) return
    for (const rms of overallRms(block)) {
      const start = windowStart(this.#windows++, this.#rateHz)
      const end = Math.min(windowStart(this.#windows, this.#rateHz), this.#ring.end)
      if (rms >= threshold) {
        if (this.#keepUntil === undefined) {
          this.#ring.skipTo(start - Math.round(preRecordSeconds * this.#rateHz))
          onBegin(this.#aheadSeconds(start), levelDb(rms))
        }
        this.#keepUntil = end + Math.round(holdSeconds * this.#rateHz)
      }
      this.#decided = end
      this.#settle()
    }
  }

  /** What is decided by now: audio beyond what is held waits for the level of the next window, which may hold it on. */
  #settle(): void {
    if (this.#keepUntil !== undefined) {
      this.#ring.writeTo(this.#keepUntil)
      if (this.#decided <= this.#keepUntil) return
      this.#keepUntil = undefined
      this.#options.onEnd()
    }
    this.#ring.skipTo(this.#decided - Math.round(this.#options.preRecordSeconds * this.#rateHz))
  }

  #aheadSeconds(sample: number): number {
    return (sample - this.#ring.start) / this.#rateHz
  }
}
