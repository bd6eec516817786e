import type { MonotonicMs } from '../../model.js'

const WINDOW_MS = 5000

/** Bits per second over the last seconds. */
export class RateMeter {
  #marks: { readonly atMs: MonotonicMs; readonly bytes: number }[] = []
  #bytes = 0

  /** Counts bytes that arrived. */
  add(bytes: number, nowMs: MonotonicMs): void {
    this.#bytes += bytes
    const last = this.#marks.at(-1)
    if (!last || nowMs - last.atMs >= WINDOW_MS / 10) this.#marks.push({ atMs: nowMs, bytes: this.#bytes - bytes })
    this.#forget(nowMs)
  }

  /** The rate now; 0 when nothing came for the whole window. */
  bitsPerSecond(nowMs: MonotonicMs): number {
    this.#forget(nowMs)
    const first = this.#marks[0]
    if (!first || nowMs <= first.atMs) return 0
    return ((this.#bytes - first.bytes) * 8000) / Math.max(1000, nowMs - first.atMs)
  }

  #forget(nowMs: MonotonicMs): void {
    while (this.#marks.length > 0 && nowMs - this.#marks[0].atMs > WINDOW_MS) this.#marks.shift()
  }
}
