import type { FrameSpan } from '../formats/frame-span.js'
import type { EpochMs } from '../model.js'
import { nextBoundary, splitLengthMs } from '../time/boundary.js'
import { frameAfter } from './frame-after.js'
import { Splitter, type SplitPosition } from './splitter.js'

/** A wall clock that goes back by more than this was set; less is the slow correction of a timeline. In milliseconds. */
const STEP_MS = 1_000

/** Options of {@link AtClock}. */
export interface AtClockOptions {
  /** Length of files in minutes, counted from local midnight; decimals allowed. From 1440 on whole days count from 1970-01-01. */
  readonly everyMinutes: number
  /** IANA name or `UTC`. @defaultValue the system's time zone */
  readonly timeZone?: string
}

/**
 * Ends files on the local clock: with 60 minutes at every full hour. The first frame that starts at or after the boundary (within
 * 0.01 ms) opens the next file, so boundaries are exact to a frame and never drift. See {@link nextBoundary} for days of 23 or 25 hours.
 *
 * When the wall clock is set while a file is open: forward over the boundary ends the file at once, however many boundaries were
 * passed; backward, the file goes on to the next boundary of the new time, but not to one it already lies behind while it is
 * shorter than half of `everyMinutes`; and a file that would get double length ends at once. So no boundary is cut twice in a row.
 */
export class AtClock extends Splitter {
  readonly #everyMinutes: number
  readonly #splitMs: number
  readonly #timeZone?: string
  #boundary: EpochMs = NaN
  /** The file that `#boundary` belongs to, and its length when last seen. */
  #startedAt: EpochMs = NaN
  #durationSeconds = 0
  /** How far the wall clock went astray from the file's own count when `#boundary` was computed. */
  #skewMs = 0
  #lastCut: EpochMs = -Infinity
  /** The boundary computed last, and from where on it is the next. */
  #nextFrom: EpochMs = Infinity
  #next: EpochMs = NaN

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for a length that is no positive number or an unknown time zone */
  constructor(options: AtClockOptions) {
    super()
    this.#everyMinutes = options.everyMinutes
    this.#splitMs = splitLengthMs(options.everyMinutes)
    this.#timeZone = options.timeZone
    nextBoundary(0, options.everyMinutes, options.timeZone)
  }

  cut(span: FrameSpan, position: SplitPosition): number {
    this.#look(position)
    let frame = frameAfter(span, this.#boundary - position.at)
    if (frame === 0 && position.recording.durationSeconds === 0) {
      // The clock was set between the opening of the file and its first frame.
      this.#boundary = this.#after(position.at)
      frame = frameAfter(span, this.#boundary - position.at)
    }
    if (frame >= 0) this.#lastCut = this.#boundary
    return frame
  }

  /** Brings `#boundary` up to date. */
  #look({ at, recording }: SplitPosition): void {
    const skewMs = at - (recording.startedAt + recording.durationSeconds * 1000)
    if (recording.startedAt !== this.#startedAt || recording.durationSeconds < this.#durationSeconds) {
      this.#startedAt = recording.startedAt
      // A start that is rounded to just before the boundary that made it must not meet it again.
      const startsAtCut = Math.abs(recording.startedAt - this.#lastCut) <= 1
      this.#boundary = this.#after(startsAtCut ? this.#lastCut : recording.startedAt)
      this.#skewMs = 0
    }
    this.#durationSeconds = recording.durationSeconds
    if (skewMs >= this.#skewMs - STEP_MS) return
    this.#skewMs = skewMs
    this.#boundary = this.#afterStepBack(at, recording)
  }

  #afterStepBack(at: EpochMs, { startedAt, durationSeconds }: SplitPosition['recording']): EpochMs {
    let boundary = this.#after(at)
    const lengthMs = () => durationSeconds * 1000 + boundary - at
    while (boundary <= startedAt && lengthMs() < this.#splitMs / 2) boundary = this.#after(boundary)
    // Set back again and again, it would grow without end.
    if (lengthMs() >= 2 * this.#splitMs) return at
    return boundary
  }

  /** The same from there up to the boundary: a source at full speed asks with every chunk, and calendars are slow. */
  #after(at: EpochMs): EpochMs {
    if (at >= this.#nextFrom && Math.round(at) < this.#next) return this.#next
    this.#nextFrom = at
    this.#next = nextBoundary(at, this.#everyMinutes, this.#timeZone)
    return this.#next
  }
}
