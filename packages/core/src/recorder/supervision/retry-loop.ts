import { ConfigError, IsrError, SourceError } from '../../errors.js'
import type { EpochMs, MonotonicMs } from '../../model.js'
import type { Connection, ConnectOptions, Source } from '../../sources/source.js'
import { lookFor } from './look-for.js'
import { lookPaceMs } from './look-pace.js'
import { probePauseMs, retryDelayMs, type RetrySettings } from './retry.js'

/** Audio that proves that a source works again: failures before it no longer count. */
const WORKING_SECONDS = 1

/** How one connection went, from opening to its last file. */
export interface Attempt {
  /** Why it ended. */
  readonly cause: IsrError
  /** What it brought. */
  readonly audioSeconds: number
}

/** What a {@link RetryLoop} works with. */
export interface RetryLoopOptions {
  readonly source: Source
  readonly retry: RetrySettings
  /** Ends the loop when its signal aborts. */
  readonly connecting: ConnectOptions
  /** 0 <= n < 1. */
  readonly random: () => number
  /** Opens a connection, or takes one that was found, and records from it. Must not reject. */
  readonly attempt: (found?: Connection) => Promise<Attempt>
  /** An attempt failed. `looking` says that it was none that counts. */
  readonly onFailure: (cause: IsrError, looking: boolean) => void
  /** An attempt that counts is planned. */
  readonly onRetry: (failures: number, retryAt: EpochMs, cause: IsrError) => void
  /** A pause begins, or goes on after a look; it ends then at the latest. */
  readonly onPause: (until: EpochMs) => void
  /** Too many failures in a row, or one that no attempt mends. Called again after each attempt that is made all the same. */
  readonly onGiveUp: (error: IsrError, forGood: boolean) => void
}

/**
 * Connects again and again: at once, then with growing pauses in which a short outage is looked through; and after giving up, if that
 * is wanted, seldom but for ever.
 */
export class RetryLoop {
  readonly #options: RetryLoopOptions
  #failures = 0
  #givenUp?: IsrError
  /** Since when nothing comes, after it had come. */
  #lostAtMs?: MonotonicMs
  #untilMs: MonotonicMs = 0
  #until: EpochMs = 0

  constructor(options: RetryLoopOptions) {
    this.#options = options
  }

  /** Runs until it is told to stop, all is recorded, or it gives up for good. @returns why it gave up; undefined when it did not */
  async run(): Promise<IsrError | undefined> {
    const { source, connecting, attempt } = this.#options
    const { signal } = connecting
    let found: Connection | undefined
    while (!signal.aborted) {
      const { cause, audioSeconds } = await attempt(found)
      const worked = audioSeconds >= WORKING_SECONDS && !cause.code.startsWith('ISR_STORAGE')
      if (worked) this.#begin()
      if (signal.aborted || (source.finite && cause.code === 'ISR_SOURCE_ENDED')) break
      const looking = found !== undefined && !worked
      this.#options.onFailure(cause, looking)
      if (!looking && !this.#plan(cause)) return this.#givenUp
      found = await this.#pause(cause)
    }
    return this.#givenUp
  }

  /** It worked: a new outage begins. */
  #begin(): void {
    this.#failures = 0
    this.#givenUp = undefined
    this.#lostAtMs = this.#options.connecting.clock.monotonicMs()
  }

  /** When the next attempt that counts comes. @returns false when there is none */
  #plan(cause: IsrError): boolean {
    const { source, retry, random, onRetry } = this.#options
    this.#failures++
    // a station may send other audio tomorrow; a file stays what it is, and so does a configuration
    const isFinal = source.finite && (cause.code === 'ISR_FORMAT_UNKNOWN' || cause.code === 'ISR_PLUGIN_FAILED')
    const hopeless = isFinal || cause instanceof ConfigError
    const retryable = !hopeless && (!(cause instanceof SourceError) || cause.retryable)
    const retryAfterMs = cause instanceof SourceError ? cause.retryAfterMs : undefined
    const delayMs = retryable ? retryDelayMs(retry, this.#failures, retryAfterMs, random()) : undefined
    if (delayMs === undefined) return this.#giveUp(cause, retryable, hopeless || source.finite)
    this.#waitFor(Math.min(delayMs, source.lookEveryMs ?? Infinity), delayMs)
    onRetry(this.#failures, this.#until, cause)
    return true
  }

  /** @returns whether it is tried again all the same */
  #giveUp(cause: IsrError, retryable: boolean, forGood: boolean): boolean {
    const { source, retry, random, onGiveUp } = this.#options
    const pauseMs = forGood ? undefined : probePauseMs(retry, random())
    const words = `gave up after ${this.#failures} failures in a row: ${cause.message}`
    this.#givenUp ??= retryable ? new IsrError('ISR_RETRIES_EXHAUSTED', words, { cause, source: source.name }) : cause
    onGiveUp(this.#givenUp, pauseMs === undefined)
    if (pauseMs === undefined) return false
    this.#waitFor(pauseMs, pauseMs)
    return true
  }

  #waitFor(soonestMs: number, latestMs: number): void {
    const { clock } = this.#options.connecting
    this.#until = clock.now() + soonestMs
    this.#untilMs = clock.monotonicMs() + latestMs
  }

  #pause(cause: IsrError): Promise<Connection | undefined> {
    const { source, connecting, random, onFailure, onPause } = this.#options
    const { clock } = connecting
    onPause(this.#until)
    let last = cause
    return lookFor(source, {
      ...connecting,
      untilMs: this.#untilMs,
      everyMs: () => {
        const lostMs = this.#lostAtMs === undefined ? undefined : clock.monotonicMs() - this.#lostAtMs
        return Math.min(source.lookEveryMs ?? Infinity, lookPaceMs(lostMs, last, random()))
      },
      onMiss: (error) => {
        last = error
        onFailure(error, true)
      },
    })
  }
}
