import type { MonotonicMs } from '../../model.js'
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
  /** Called once. */
  readonly onStall: (audioSeconds: number) => void
}

/** Notices a source that hangs or trickles: bytes may come, audio does not. Looks eight times per window. */
export class StallWatch {
  readonly #options: StallWatchOptions
  #marks: { readonly atMs: MonotonicMs; readonly seconds: number }[] = []
  #timer?: Timer

  constructor(options: StallWatchOptions) {
    this.#options = options
    this.#look()
  }

  /** Ends the watch. */
  stop(): void {
    this.#timer?.cancel()
  }

  #look(): void {
    const { clock, timeoutMs, live, audioSeconds, onStall } = this.#options
    const now = { atMs: clock.monotonicMs(), seconds: audioSeconds() }
    this.#marks.push(now)
    while (this.#marks.length > 1 && now.atMs - this.#marks[1].atMs >= timeoutMs) this.#marks.shift()
    const first = this.#marks[0]
    const windowMs = now.atMs - first.atMs
    const gained = now.seconds - first.seconds
    const least = live ? (windowMs / 1000) * LEAST_AUDIO_PER_SECOND : 0
    if (windowMs >= timeoutMs && (gained < least || gained === 0)) return onStall(gained)
    this.#timer = clock.after(timeoutMs / 8, () => this.#look())
  }
}
