import type { FrameSpan } from '../../../formats/frame-span.js'

/** A copy of the last frames of a span, in memory that is used again. */
export class LastFrames {
  #room = new Uint8Array(0)
  #span?: FrameSpan

  /** Their length in seconds; 0 when there are none. */
  get seconds(): number {
    return this.#span?.durationSeconds ?? 0
  }

  /** Copies as many whole frames of the end of `span` as last `wantedSeconds`; at least one. */
  set(span: FrameSpan, wantedSeconds: number): void {
    const { frames, header, samples } = span
    const wanted = Math.max(0, samples - Math.ceil(wantedSeconds * header.info.sampleRateHz))
    const next = span.frameAtSample(wanted)
    const last = span.slice(next < frames && span.sampleOffset(next) === wanted ? next : Math.max(0, next - 1), frames)
    const { length } = last.bytes
    if (this.#room.length < length) this.#room = new Uint8Array(length + (length >> 2))
    this.#room.set(last.bytes)
    this.#span = last.over(this.#room.subarray(0, length))
  }

  /** Forgets them. */
  clear(): void {
    this.#span = undefined
  }

  /** They as a span that may be kept; undefined when there are none. */
  copy(): FrameSpan | undefined {
    return this.#span?.over(this.#span.bytes.slice())
  }
}
