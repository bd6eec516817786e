import { SourceError } from '../../errors.js'
import type { MonotonicMs } from '../../model.js'
import { afterAbout } from '../../time/about.js'
import type { Clock, Timer } from '../../time/clock.js'

/** A live source plays 1 s of audio a second; less than this over the whole window is no broadcast any more. */
const LEAST_AUDIO_PER_SECOND = 0.25

/** What a {@link StallWatch} needs. */
export interface StallWatchOptions {
  readonly clock: Clock
  /** Length of the window. */
  readonly timeoutMs: number
  /** Live sources are measured by audio seconds per wall second, others by any progress at all. */
  readonly live: boolean
  /** Seconds of audio so far. */
  readonly audioSeconds: () => number
  /** Called once. `asleepMs`: for how long nobody could look, when that is why. */
  readonly onStall: (audioSeconds: number, asleepMs?: number) => void
}

/** Why a connection that gives no audio is left. @param options - the source's name, the length of the window, and for how long nobody could look */
export function stallError(
  audioSeconds: number,
  options: { readonly source: string; readonly timeoutMs: number; readonly asleepMs?: number | undefined },
): SourceError {
  const { source, timeoutMs, asleepMs } = options
  if (asleepMs === undefined) {
    const message = `only ${audioSeconds.toFixed(1)} s of audio came in ${timeoutMs / 1000} s`
    return new SourceError('ISR_SOURCE_STALLED', message, { source })
  }
  const message = `this machine or process was asleep for ${(asleepMs / 1000).toFixed(0)} s, and nothing came after it`
  return new SourceError('ISR_SUSPENDED', message, { source })
}

/** In a window. */
const LOOKS = 5
/** Looks that are so far apart need not be on time. */
const ROUGH_MS = 1000

/** A look that is so late: the machine slept, or this process was stopped. */
const ASLEEP_MS = 3000
/** What a connection that has outlived that is given to show it; pages of some stations come seconds apart. */
const AWAKE_MS = 5000

/** Notices a source that hangs or trickles: bytes may come, audio does not. Looks five times per window. */
export class StallWatch {
  readonly #options: StallWatchOptions
  #marks: { readonly atMs: MonotonicMs; readonly seconds: number }[] = []
  #timer?: Timer
  #dueMs: MonotonicMs
  #asleepMs?: number

  constructor(options: StallWatchOptions) {
    this.#options = options
    this.#dueMs = options.clock.monotonicMs()
    this.#look()
  }

  /** Ends the watch. */
  stop(): void {
    this.#timer?.cancel()
  }

  #look(): void {
    const { clock, timeoutMs, live, audioSeconds, onStall } = this.#options
    const now = { atMs: clock.monotonicMs(), seconds: audioSeconds() }
    if (now.atMs - this.#dueMs > ASLEEP_MS) return this.#wake(now)
    this.#marks.push(now)
    while (this.#marks.length > 1 && now.atMs - this.#marks[1].atMs >= timeoutMs) this.#marks.shift()
    const first = this.#marks[0]
    const windowMs = now.atMs - first.atMs
    const gained = now.seconds - first.seconds
    const least = live ? (windowMs / 1000) * LEAST_AUDIO_PER_SECOND : 0
    if (live && gained === 0 && this.#asleepMs !== undefined) return onStall(gained, this.#asleepMs)
    this.#asleepMs = undefined
    if (windowMs >= timeoutMs && (gained < least || gained === 0)) return onStall(gained)
    // to the millisecond only where nothing comes
    this.#lookAfter(timeoutMs / LOOKS, gained === 0 ? Math.max(1, timeoutMs - windowMs) : Infinity)
  }

  /** What was before says nothing of what is now. */
  #wake(now: { readonly atMs: MonotonicMs; readonly seconds: number }): void {
    this.#asleepMs = (this.#asleepMs ?? 0) + now.atMs - this.#dueMs
    this.#marks = [now]
    const awakeMs = Math.min(AWAKE_MS, this.#options.timeoutMs)
    this.#lookAfter(awakeMs, awakeMs)
  }

  #lookAfter(delayMs: number, leftMs = Infinity): void {
    const { clock } = this.#options
    const look = () => this.#look()
    this.#dueMs = clock.monotonicMs() + Math.min(delayMs, leftMs)
    const isRough = delayMs >= ROUGH_MS && leftMs > delayMs
    this.#timer = isRough ? afterAbout(clock, delayMs, look) : clock.after(Math.min(delayMs, leftMs), look)
  }
}
