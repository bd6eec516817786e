import type { Discard, DiscardReason, MonotonicMs } from '../../model.js'

const LINE_EVERY_MS = 1000

/** Adds up discards so that a damaged stream gives a line a second, not a line a frame. Every byte is in exactly one line. */
export class DiscardLog {
  readonly #pending = new Map<DiscardReason, number>()
  readonly #emit: (discard: Discard) => void
  #sinceMs: MonotonicMs = -Infinity
  #totalBytes = 0

  constructor(emit: (discard: Discard) => void) {
    this.#emit = emit
  }

  /** All bytes so far. */
  get totalBytes(): number {
    return this.#totalBytes
  }

  /** Counts bytes. */
  add(bytes: number, reason: DiscardReason): void {
    this.#totalBytes += bytes
    if (bytes > 0) this.#pending.set(reason, (this.#pending.get(reason) ?? 0) + bytes)
  }

  /** Emits what is pending when the last line is a second old. */
  tick(nowMs: MonotonicMs): void {
    if (this.#pending.size === 0 || nowMs - this.#sinceMs < LINE_EVERY_MS) return
    this.#sinceMs = nowMs
    this.flush()
  }

  /** Emits all that is pending. */
  flush(): void {
    for (const [reason, bytes] of this.#pending) this.#emit({ bytes, reason })
    this.#pending.clear()
  }
}
