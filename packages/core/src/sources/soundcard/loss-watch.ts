import type { IsrError } from '../../errors.js'
import type { Chunk, MonotonicMs } from '../../model.js'
import { LatenessWindow } from '../../time/timeline/lateness-window.js'
import { MAX_SLEW, slew } from '../../time/timeline/slew.js'

/** Audio that stays late for this long after it caught up no further is not late: some is missing before it. */
const CONFIRM_MS = 500

/** Getting less late by less than this is jitter, not catching up. */
const JITTER_MS = 20

/** A backlog that has not been read by now never will be; bounds what is held. */
const HOLD_LIMIT_MS = 10_000

/** What a {@link LossWatch} needs. */
export interface LossWatchOptions {
  /** Audio that is late by up to this much may be just that, in milliseconds: the jitter of the device. */
  readonly toleranceMs: number
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
  #held: TimedChunk[] = []
  /** The least lateness of what is held, and when it was last seen to fall. */
  #leastMs = Infinity
  #fellAtMs: MonotonicMs = 0
  #told?: { readonly ms: number; readonly cause: IsrError }

  constructor(options: LossWatchOptions) {
    this.#options = options
  }

  /** Somebody says that audio is missing before the next chunk: at least `lostMs` milliseconds. */
  tell(lostMs: number, cause: IsrError): void {
    this.#told = { ms: lostMs + (this.#told?.ms ?? 0), cause: this.#told?.cause ?? cause }
  }

  /**
   * Takes a chunk.
   * @param chunk - whole frames
   * @param durationMs - their length
   * @returns what may go on, in order; nothing while in doubt
   */
  push(chunk: TimedChunk, durationMs: number): readonly Chunk[] {
    const { arrivedAtMs } = chunk
    this.#positionMs += durationMs
    const lateMs = arrivedAtMs - this.#positionMs
    if (this.#usualMs === undefined) {
      this.#usualMs = lateMs
      this.#told = undefined // nothing was recorded before it
    }
    if (this.#held.length === 0 || lateMs < this.#leastMs - JITTER_MS) this.#fellAtMs = arrivedAtMs
    this.#leastMs = Math.min(this.#leastMs, lateMs)
    this.#held.push(chunk)
    const sure = arrivedAtMs - this.#fellAtMs >= CONFIRM_MS || arrivedAtMs - this.#held[0].arrivedAtMs >= HOLD_LIMIT_MS
    return this.#beyondMs <= this.#options.toleranceMs || sure ? this.#release(durationMs) : []
  }

  /** Nothing follows: what is held goes on, by what is known now. */
  flush(): readonly Chunk[] {
    return this.#held.length > 0 ? this.#release(0) : []
  }

  /** Lateness that neither the usual nor what was told of explains. */
  get #beyondMs(): number {
    return this.#leastMs - (this.#usualMs ?? 0) - (this.#told?.ms ?? 0)
  }

  #release(durationMs: number): readonly Chunk[] {
    const told = this.#told
    const isMore = this.#beyondMs > this.#options.toleranceMs
    const lostMs = isMore ? this.#leastMs - (this.#usualMs ?? 0) : (told?.ms ?? 0)
    const chunks: Chunk[] = this.#held
    if (lostMs > 0) {
      const seconds = Math.round(lostMs * 1000) / 1e6
      chunks[0] = { ...chunks[0], lossBefore: { seconds, cause: told?.cause ?? this.#options.explain(lostMs) } }
    }
    this.#positionMs += lostMs
    this.#follow(this.#held[this.#held.length - 1].arrivedAtMs, this.#leastMs - lostMs, durationMs)
    this.#held = []
    this.#leastMs = Infinity
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
