import type { FrameSpan } from '../../../formats/frame-span.js'
import type { EpochMs, MonotonicMs } from '../../../model.js'
import { FrameHistory } from '../history/frame-history.js'

/** A title that came in force with a frame. */
export interface LoggedTitle {
  readonly title: string
  readonly at: EpochMs
}

/** Frames that were taken at once. */
export interface LoggedSpan {
  readonly span: FrameSpan
  /** When they were taken. */
  readonly atMs: MonotonicMs
  /** Came in force with the first of them. */
  readonly title?: LoggedTitle
}

/** Frames as sums. */
export interface LoggedSum {
  readonly frames: number
  readonly samples: number
  /** Of themselves and of what they came in. */
  readonly receivedBytes: number
}

/** What a file holds up to a byte. */
interface Step {
  readonly endByte: number
  /** Frames of the log that lie whole before it. */
  readonly frames: number
  /** The same as frames of the file, where an encoder makes its own. */
  readonly fileFrames: number
}

const NOTHING: LoggedSum = { frames: 0, samples: 0, receivedBytes: 0 }
/** Entries that are dropped wait for company before the array is moved. */
const MOST_DROPPED = 64

/**
 * Frames of a file that are not durable yet, in memory: when the volume fails they are written again. It also keeps as many
 * of the frames before them as the pre-roll of a file needs that begins with the first of them.
 */
export class FrameLog {
  readonly #before = new FrameHistory()
  readonly #onDropped: (entry: LoggedSpan) => void
  #entries: LoggedSpan[] = []
  #first = 0
  #steps: Step[] = []
  /** Of the file that is being written. */
  #dropped = NOTHING
  #durableFrames = 0
  #durableFileFrames = 0
  #addedFrames = 0

  /**
   * @param history - frames before the first, of the same logical stream
   * @param historySeconds - how much of them is kept
   * @param onDropped - told of frames that the log holds no more
   */
  constructor(history: readonly FrameSpan[], historySeconds: number, onDropped: (entry: LoggedSpan) => void) {
    this.#onDropped = onDropped
    this.#before.reset(historySeconds)
    for (const span of history) this.#before.add(span)
  }

  /** Whether every frame is durable. */
  get isEmpty(): boolean {
    return this.#first === this.#entries.length
  }

  /** The frames before the first of the log, as many as wanted. */
  get history(): readonly FrameSpan[] {
    return this.#before.spans
  }

  /** The last frames that it took, durable or not, as many as wanted: what a file needs that begins behind them. */
  get last(): readonly FrameSpan[] {
    const last = new FrameHistory()
    last.reset(this.#before.wantedSeconds)
    for (const span of this.#before.spans) last.add(span)
    for (const { span } of this.spans) last.add(span)
    return last.spans
  }

  /** When the oldest frames of the log were taken; undefined when it is empty. */
  get oldestAtMs(): MonotonicMs | undefined {
    return (this.#entries as readonly (LoggedSpan | undefined)[])[this.#first]?.atMs
  }

  /** All of it, oldest first. */
  get spans(): readonly LoggedSpan[] {
    return this.#entries.slice(this.#first)
  }

  /** Whether some of the file that is being written is durable. */
  get hasDurable(): boolean {
    return this.#durableFrames > 0
  }

  /** Adds frames. */
  add(entry: LoggedSpan): void {
    this.#entries.push(entry)
    this.#addedFrames += entry.span.frames
  }

  /**
   * The file holds the first `frames` frames of the log in its first `endByte` bytes.
   * @param fileFrames - the same as frames of the file, where an encoder makes its own
   */
  wrote(endByte: number, frames: number, fileFrames = frames): void {
    this.#steps.push({ endByte, frames, fileFrames })
  }

  /** The first `durableBytes` of the file are durable. */
  settle(durableBytes: number): void {
    let passed = 0
    while (passed < this.#steps.length && this.#steps[passed].endByte <= durableBytes) passed++
    if (passed === 0) return
    const { frames, fileFrames } = this.#steps[passed - 1]
    this.#durableFrames = Math.min(frames, this.#addedFrames)
    this.#durableFileFrames = fileFrames
    this.#steps.splice(0, passed)
    while (!this.isEmpty && this.#dropped.frames + this.#entries[this.#first].span.frames <= this.#durableFrames)
      this.#drop()
  }

  /** All of the file is durable. */
  settleAll(): void {
    while (!this.isEmpty) this.#drop()
    this.#restart()
  }

  /**
   * The file takes no more: what of it is durable. The log begins right behind that, and may go into another file.
   * @returns `frames` are those of the file
   */
  cut(): LoggedSum {
    const rest = this.#durableFrames - this.#dropped.frames
    if (rest > 0 && !this.isEmpty) {
      const { span, ...entry } = this.#entries[this.#first]
      const parts = [
        { ...entry, span: span.slice(0, rest) },
        { atMs: entry.atMs, span: span.slice(rest, span.frames) },
      ]
      this.#entries.splice(this.#first, 1, ...parts)
      this.#drop()
    }
    const durable = { ...this.#dropped, frames: this.#durableFileFrames }
    this.#restart()
    return durable
  }

  /** Takes out the oldest frames, which are in no file. Only between files. */
  takeOldest(): LoggedSpan | undefined {
    if (this.isEmpty) return undefined
    const entry = this.#entries[this.#first]
    this.#drop()
    this.#restart()
    return entry
  }

  /** Takes out all but the first `count` entries: a muxer failed over them. */
  takeFrom(count: number): readonly LoggedSpan[] {
    const taken = this.#entries.splice(this.#first + count)
    for (const entry of taken) {
      this.#addedFrames -= entry.span.frames
      this.#onDropped(entry)
    }
    return taken
  }

  #restart(): void {
    this.#steps = []
    this.#dropped = NOTHING
    this.#durableFrames = 0
    this.#durableFileFrames = 0
    this.#addedFrames = 0
    for (let index = this.#first; index < this.#entries.length; index++)
      this.#addedFrames += this.#entries[index].span.frames
  }

  #drop(): void {
    const entry = this.#entries[this.#first++]
    const { span } = entry
    const { frames, samples, receivedBytes } = this.#dropped
    this.#dropped = {
      frames: frames + span.frames,
      samples: samples + span.samples,
      receivedBytes: receivedBytes + span.bytes.length + span.overheadBytes,
    }
    this.#before.add(span)
    this.#onDropped(entry)
    if (this.#first < MOST_DROPPED && this.#first < this.#entries.length) return
    this.#entries.splice(0, this.#first)
    this.#first = 0
  }
}
