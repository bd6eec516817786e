import type { GroupCommit } from '../protocol.js'

/** Above this part of the time spent in flushes, files are made durable together. */
const ENTER = 0.25
/** Below it each is flushed by itself again. */
const LEAVE = 0.1
/** Not to and fro at every tick. */
const STAY_MS = 60_000
/** How much the newest flush counts. */
const WEIGHT = 0.1

/** How long a flush takes on a volume, as measured. */
export class FlushMeter {
  #meanMs = 0

  /** A mean of the latest flushes. */
  get meanMs(): number {
    return this.#meanMs
  }

  /** A flush took so long. */
  add(tookMs: number): void {
    this.#meanMs = this.#meanMs === 0 ? tookMs : this.#meanMs + (tookMs - this.#meanMs) * WEIGHT
  }
}

/** Whether the files of a folder are flushed one by one, or together through a journal. */
export class FlushPolicy {
  readonly #mode: GroupCommit
  readonly #meter: FlushMeter
  #grouped = false
  #nextChangeMs = -Infinity

  constructor(mode: GroupCommit, meter: FlushMeter) {
    this.#mode = mode
    this.#meter = meter
  }

  /** Looks at it again. @param files - with bytes that are not durable @returns whether they go together */
  decide(files: number, nowMs: number, intervalMs: number): boolean {
    if (this.#mode === 'never') return false
    if (nowMs < this.#nextChangeMs) return this.#grouped
    const load = (files * this.#meter.meanMs) / intervalMs
    const grouped = this.#mode === 'always' || load > (this.#grouped ? LEAVE : ENTER)
    if (grouped && !this.#grouped) this.#nextChangeMs = nowMs + STAY_MS
    this.#grouped = grouped
    return grouped
  }

  /** The journal could not be written: not again for a while. */
  giveUp(nowMs: number): void {
    this.#grouped = false
    this.#nextChangeMs = nowMs + STAY_MS
  }
}
