import type { FrameSpan } from '../../formats/frame-span.js'

/** The last seconds of one logical stream: what the hidden pre-roll of the next file is made of. Bounded by its length in time. */
export class FrameHistory {
  #spans: FrameSpan[] = []
  #seconds = 0
  #wantedSeconds = 0

  /** Begins a new logical stream. */
  reset(wantedSeconds: number): void {
    this.#spans = []
    this.#seconds = 0
    this.#wantedSeconds = wantedSeconds
  }

  /** Adds the frames just written. */
  add(span: FrameSpan): void {
    if (this.#wantedSeconds <= 0) return
    this.#spans.push(span)
    this.#seconds += span.durationSeconds
    while (this.#spans.length > 1 && this.#seconds - this.#spans[0].durationSeconds >= this.#wantedSeconds) {
      this.#seconds -= this.#spans[0].durationSeconds
      this.#spans.shift()
    }
  }

  /** Oldest first. */
  get spans(): readonly FrameSpan[] {
    return [...this.#spans]
  }
}
