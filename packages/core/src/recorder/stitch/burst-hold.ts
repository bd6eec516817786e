import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { EpochMs, MonotonicMs, StreamMetadata } from '../../model.js'
import type { Clock, Timer } from '../../time/clock.js'
import { SETTLE_MS, type RunTimeline } from '../../time/run-timeline.js'
import type { Alignment } from './alignment.js'
import { HeldFrames, type DroppedFrames, type HeldSpan } from './held-frames.js'
import { judgeOverlap, type ProvenOverlap, type Verdict } from './judge-overlap.js'
import type { RunEnd, SourceTail } from './source-tail.js'

/** Stations send a page a second or more often; one that is silent for longer has no burst to wait for. */
const QUIET_MS = 3 * SETTLE_MS

/** No burst is so long: this is a download, which would fill the memory before anybody has looked. */
const MOST_BURST_SECONDS = 300

/** The run goes on where another one ended. */
export interface FoundSeam extends ProvenOverlap {
  /** How that one ended. */
  readonly end: RunEnd
  /** Headers under which its last frame came again: the same logical stream goes on while they are in force. */
  readonly header?: HeaderCapture
}

/** What a {@link BurstHold} needs. */
export interface BurstHoldOptions {
  readonly clock: Clock
  /** Whether there may be a burst; frames of other sources wait for the end of their chunk only. */
  readonly live: boolean
  /** What the run may go on from. Default nothing. */
  readonly tail?: SourceTail
  /** Times of the frames held, which count from 0. */
  readonly timeline: () => RunTimeline
  /** These frames at the start are recorded already. */
  readonly onDuplicates: (dropped: DroppedFrames) => void
  /** What follows goes on, to the frame, where another run ended. Called at most once, before the release. */
  readonly onSeam: (seam: FoundSeam) => void
  /** Nothing is waited for any more: called once, with at least one frame. */
  readonly onRelease: (spans: readonly HeldSpan[]) => void
}

/**
 * Holds the first frames of a run until the burst on connect has told the time of the first sample, and until it is known whether they
 * are frames that we have already.
 */
export class BurstHold {
  readonly #options: BurstHoldOptions
  readonly #held = new HeldFrames()
  #alignment?: Alignment
  #timer?: Timer
  #arrivedAtMs: MonotonicMs = 0
  /** The overlap is gone; the next frame is new. */
  #joined = false
  #released = false

  constructor(options: BurstHoldOptions) {
    this.#options = options
    if (!options.live) return
    this.#alignment = options.tail?.align()
    options.tail?.whenKnown(() => this.#align())
  }

  /** Length of what waits, in seconds. */
  get seconds(): number {
    return this.#held.seconds
  }

  /** Takes the next frames. */
  push(span: FrameSpan, metadata?: StreamMetadata): void {
    this.#held.push(span, metadata)
    if (this.#joined) return this.#release()
    this.#alignment?.add(span)
    if (this.#options.live) this.#timer ??= this.#options.clock.after(SETTLE_MS, () => this.#settle())
  }

  /** All frames of a chunk are here, and the timeline has heard of it. */
  arrived(atMs: MonotonicMs): void {
    this.#arrivedAtMs = atMs
    if (!this.#options.live) return this.#release()
    if (this.#held.seconds <= MOST_BURST_SECONDS) this.#judge(false)
    else if (this.#judge(true) !== 'behind') this.#release()
  }

  /** No more frames come: what is certainly recorded already goes, the rest goes on. */
  end(): void {
    if (this.#judge(true) === 'behind') this.#drop(Infinity)
    this.#release()
    this.#timer?.cancel()
  }

  /** What an earlier process has recorded is known now. */
  #align(): void {
    if (this.#released) return
    this.#alignment = this.#options.tail?.align()
    for (const { span } of this.#held.spans) this.#alignment?.add(span)
    this.#judge(false)
  }

  /** Whether what an earlier process has recorded is worth waiting for: frames of ours would not be recognised without it. */
  get #mustWait(): boolean {
    const { tail } = this.#options
    const [first] = this.#held.spans
    return tail?.isAwaited === true && first !== undefined && tail.recognises(first.span.header)
  }

  /** Goes on when the burst is over; a source that is silent since then has none. */
  #settle(): void {
    const { clock, timeline } = this.#options
    const burstIsOver = timeline().settled || clock.monotonicMs() - this.#arrivedAtMs >= QUIET_MS
    if (burstIsOver && !this.#mustWait && this.#judge(true) !== 'behind') return this.#release()
    this.#timer = clock.after(SETTLE_MS / 5, () => this.#settle())
  }

  /** Joins as soon as it is proven that this goes on where another run ended. */
  #judge(burstIsOver: boolean): Verdict {
    const end = this.#options.tail?.end
    if (!this.#alignment || !end || this.#joined) return 'unproven'
    const startsAt: EpochMs = this.#options.timeline().at(0)
    const verdict = judgeOverlap(this.#alignment, { endsAt: end.endsAt, startsAt, burstIsOver })
    if (typeof verdict === 'object') this.#join(verdict, end)
    return verdict
  }

  #join(overlap: ProvenOverlap, end: RunEnd): void {
    this.#joined = true
    this.#timer?.cancel()
    const { header } = this.#drop(overlap.frames)
    this.#options.onSeam({ ...overlap, end, ...(header && { header }) })
    this.#release()
  }

  #drop(frames: number): DroppedFrames {
    const dropped = this.#held.drop(frames)
    this.#options.onDuplicates(dropped)
    return dropped
  }

  #release(): void {
    const { spans } = this.#held
    if (spans.length === 0 || this.#released) return
    this.#released = true
    this.#timer?.cancel()
    this.#options.onRelease(spans)
  }
}
