import type { MonotonicMs } from '../../model.js'

const WINDOW_MS = 10_000
/** Marks that are closer count as one. */
const MARK_MS = 500
/** Bytes are collected for so long at most: only behind that does nothing mean that nothing came. */
const LUMP_MS = 5000

/** What came up to a moment. */
interface Mark {
  readonly atMs: MonotonicMs
  readonly bytes: number
}

/** Bits per second over the last seconds, whether bytes come one by one or in lumps some seconds apart. */
export class RateMeter {
  #marks: Mark[] = []
  #bytes = 0
  #lastMs: MonotonicMs = 0

  /** Counts bytes that arrived. */
  add(bytes: number, nowMs: MonotonicMs): void {
    this.#bytes += bytes
    this.#lastMs = nowMs
    const last = this.#marks.at(-1)
    if (!last || nowMs - last.atMs >= MARK_MS) this.#marks.push({ atMs: nowMs, bytes: this.#bytes })
    this.#forget(nowMs)
  }

  /** The rate now; 0 when nothing came for the whole window. */
  bitsPerSecond(nowMs: MonotonicMs): number {
    this.#forget(nowMs)
    const first = this.#marks[0]
    if (!first) return 0
    // what comes with the first mark came before it
    const untilMs = Math.max(this.#lastMs, nowMs - LUMP_MS)
    return untilMs > first.atMs ? ((this.#bytes - first.bytes) * 8000) / Math.max(1000, untilMs - first.atMs) : 0
  }

  #forget(nowMs: MonotonicMs): void {
    while (this.#marks.length > 0 && nowMs - this.#marks[0].atMs > WINDOW_MS) this.#marks.shift()
  }
}
