import type { IsrError } from '../../errors.js'
import type { Chunk, MonotonicMs } from '../../model.js'
import { LatenessWindow } from '../../time/timeline/lateness-window.js'
import { MAX_SLEW, slew } from '../../time/timeline/slew.js'

/** Audio that stays late for this long after it caught up no further is not late: some is missing before it. */
const CONFIRM_MS = 500

/** Lateness that falls by less than this does not catch up: that is jitter. */
const JITTER_MS = 20

/** A backlog that has not been read by now never will be; bounds what is held. */
const HOLD_LIMIT_MS = 10_000

/** What a {@link LossWatch} needs. */
export interface LossWatchOptions {
  /** How often the device delivers, in milliseconds. What it does may shift by a period and a half with nothing missing. */
  readonly periodMs: number
  /** Says why audio is missing of which nobody has told. */
  readonly explain: (lostMs: number) => IsrError
}

/** A chunk that carries its arrival. */
type TimedChunk = Chunk & { readonly arrivedAtMs: MonotonicMs }

/**
 * Finds samples that are missing in a stream that is made in real time: after a loss everything is late, for ever, by just the
 * length of what is missing. Audio that was only held up catches up instead. So chunks that are late are held until it is known
 * which of the two it is, and the loss is told of where it happened. Drift of the two clocks is followed, as far as clocks drift.
 */
export class LossWatch {
  readonly #options: LossWatchOptions
  readonly #window = new LatenessWindow()
  /** The lateness of audio that nothing held up; undefined before the first. */
  #usualMs?: number
  /** Audio so far, with what was lost. */
  #positionMs = 0
  #held: { readonly chunk: TimedChunk; readonly lateMs: number }[] = []
  /** The least lateness since it last changed for good, and when that was. */
  #leastMs = 0
  #changedAtMs: MonotonicMs = 0
  /** What was told of, and how many chunks were held then. */
  #told?: { readonly ms: number; readonly cause: IsrError; readonly at: number }

  constructor(options: LossWatchOptions) {
    this.#options = options
  }

  /** Somebody says that audio is missing before the next chunk: at least `lostMs` milliseconds. */
  tell(lostMs: number, cause: IsrError): void {
    if (this.#usualMs === undefined) return // nothing was heard before it
    const { ms, cause: first, at } = this.#told ?? { ms: 0, cause, at: this.#held.length }
    this.#told = { ms: ms + lostMs, cause: first, at }
  }

  /**
   * Takes a chunk.
   * @param chunk - whole frames
   * @param durationMs - their length
   * @returns what may go on, in order; nothing while in doubt
   */
  push(chunk: TimedChunk, durationMs: number): readonly Chunk[] {
    const { arrivedAtMs } = chunk
    // that something is missing is known then, only not how much
    const toleranceMs = this.#options.periodMs * (this.#told ? 1 : 2)
    this.#positionMs += durationMs
    const lateMs = arrivedAtMs - this.#positionMs
    this.#usualMs ??= lateMs
    const fellMs = this.#leastMs - lateMs
    if (this.#held.length === 0 || fellMs > JITTER_MS || fellMs < -toleranceMs) {
      this.#changedAtMs = arrivedAtMs
      this.#leastMs = lateMs
    }
    this.#leastMs = Math.min(this.#leastMs, lateMs)
    this.#held.push({ chunk, lateMs })
    const toldMs = this.#told?.ms ?? 0
    if (lateMs - this.#usualMs - toldMs <= toleranceMs) return this.#release(toldMs, lateMs, durationMs)
    const heldMs = arrivedAtMs - this.#held[0].chunk.arrivedAtMs
    if (arrivedAtMs - this.#changedAtMs < CONFIRM_MS && heldMs < HOLD_LIMIT_MS) return []
    return this.#release(this.#leastMs - this.#usualMs, this.#leastMs, durationMs)
  }

  /** Nothing follows: what is held goes on, by what is known now. */
  flush(): readonly Chunk[] {
    return this.#held.length > 0 ? this.#release(this.#leastMs - this.#usualMs!, this.#leastMs, 0) : []
  }

  #release(lostMs: number, lateMs: number, durationMs: number): readonly Chunk[] {
    const held = this.#held
    const chunks: Chunk[] = held.map(({ chunk }) => chunk)
    if (lostMs > 0) {
      // all that follows a loss is late by it; what is less late came before
      const at = this.#told?.at ?? held.findLastIndex((one) => one.lateMs < lateMs - JITTER_MS) + 1
      const cause = this.#told?.cause ?? this.#options.explain(lostMs)
      chunks[at] = { ...chunks[at], lossBefore: { seconds: Math.round(lostMs * 1000) / 1e6, cause } }
    }
    this.#positionMs += lostMs
    this.#follow(held[held.length - 1].chunk.arrivedAtMs, lateMs - lostMs, durationMs)
    this.#held = []
    this.#told = undefined
    return chunks
  }

  /** Early audio is proof and followed at once; late audio only as far as clocks drift. */
  #follow(nowMs: MonotonicMs, lateMs: number, durationMs: number): void {
    this.#window.add(nowMs, lateMs)
    const errorMs = this.#window.minimum - this.#usualMs!
    this.#usualMs! += errorMs < 0 ? errorMs : slew(errorMs, durationMs * MAX_SLEW)
  }
}
