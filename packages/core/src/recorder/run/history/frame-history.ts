import type { Format, SplitJoin } from '../../../formats/format.js'
import type { FrameSpan } from '../../../formats/frame-span.js'
import type { HeaderCapture } from '../../../formats/header-capture.js'
import { LastFrames } from './last-frames.js'

/** How much of a stream the next file of it may need, in seconds; 0 where files do not join exactly. */
export function historySeconds(join: SplitJoin, format: Format | undefined, header: HeaderCapture): number {
  if (join !== 'exact' || !format) return 0
  const most = format.historySeconds
  const seconds = format.historySecondsOf?.(header) ?? most
  return seconds >= 0 && seconds < most ? seconds : most
}

/** The last seconds of one logical stream: what the hidden pre-roll of the next file is made of. Bounded by its length in time. */
export class FrameHistory {
  /** Of a span that is longer than what is wanted; before all others. */
  readonly #last = new LastFrames()
  #spans: FrameSpan[] = []
  #seconds = 0
  /** How much is kept at least, from the next frames on; 0: nothing. */
  wantedSeconds = 0

  /** Begins a new logical stream. */
  reset(wantedSeconds: number): void {
    this.#forget()
    this.wantedSeconds = wantedSeconds
  }

  /** Adds the frames just written. */
  add(span: FrameSpan): void {
    if (this.wantedSeconds <= 0) return
    const seconds = span.durationSeconds
    if (seconds >= this.wantedSeconds) {
      // its end is all that is needed: kept as it is, a few frames would hold seconds of audio in memory
      this.#forget()
      this.#last.set(span, this.wantedSeconds)
      this.#seconds = this.#last.seconds
      return
    }
    this.#spans.push(span)
    this.#seconds += seconds
    while (this.#dropFirst());
  }

  /** Oldest first. */
  get spans(): readonly FrameSpan[] {
    const last = this.#last.copy()
    return last ? [last, ...this.#spans] : [...this.#spans]
  }

  /** @returns whether what is left is enough without it */
  #dropFirst(): boolean {
    const lastSeconds = this.#last.seconds
    const isLast = lastSeconds > 0
    const seconds = isLast ? lastSeconds : this.#spans.length > 1 ? this.#spans[0].durationSeconds : Infinity
    if (this.#seconds - seconds < this.wantedSeconds) return false
    this.#seconds -= seconds
    if (isLast) this.#last.clear()
    else this.#spans.shift()
    return true
  }

  #forget(): void {
    this.#last.clear()
    this.#spans = []
    this.#seconds = 0
  }
}
