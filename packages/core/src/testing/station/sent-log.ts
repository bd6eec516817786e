import type { MonotonicMs } from '../../model.js'
import type { NumberedStream } from '../numbered/numbered-stream.js'

/** Consecutive frames. */
export interface FrameRange {
  /** First frame. */
  readonly from: number
  /** The first frame behind it. */
  readonly to: number
}

/** What a listener was sent of one stream. */
export interface SentPart {
  /** The stream. */
  readonly stream: NumberedStream
  /** Its frames, in order. */
  readonly ranges: FrameRange[]
}

/** What one listener was really sent: the kernel had taken every byte of it. */
export class SentLog {
  /** Which connection of the server. */
  readonly connection: number
  /** What it was sent: the stream of the moment, when the station changed it. */
  readonly parts: SentPart[] = []
  /** When the first audio went out, on the monotonic clock; undefined before. */
  firstAtMs: MonotonicMs | undefined
  /** When the last audio went out, on the monotonic clock. */
  lastAtMs: MonotonicMs = 0
  /** When the connection ended, on the monotonic clock; undefined while it is open. */
  endedAtMs: MonotonicMs | undefined
  /** Who ended it: what a listener did not wait for is not lost. */
  endedBy: 'station' | 'listener' | undefined

  /** @param connection - which connection of the server */
  constructor(connection: number) {
    this.connection = connection
  }

  /** Enters frames of `stream`. */
  add(stream: NumberedStream, from: number, to: number, atMs: MonotonicMs): void {
    if (to <= from) return
    this.firstAtMs ??= atMs
    this.lastAtMs = atMs
    let part = this.parts.at(-1)
    if (part?.stream !== stream) this.parts.push((part = { stream, ranges: [] }))
    const last = part.ranges.at(-1)
    if (last?.to === from) part.ranges[part.ranges.length - 1] = { from: last.from, to }
    else part.ranges.push({ from, to })
  }

  /** What it was sent until now, for later. */
  snapshot(): SentLog {
    const copy = new SentLog(this.connection)
    for (const { stream, ranges } of this.parts)
      copy.parts.push({ stream, ranges: ranges.map((range) => ({ ...range })) })
    return Object.assign(copy, {
      firstAtMs: this.firstAtMs,
      lastAtMs: this.lastAtMs,
      endedAtMs: this.endedAtMs,
      endedBy: this.endedBy,
    })
  }

  /** How many frames it was sent. */
  get frames(): number {
    return this.parts.flatMap(({ ranges }) => ranges).reduce((sum, { from, to }) => sum + to - from, 0)
  }
}
