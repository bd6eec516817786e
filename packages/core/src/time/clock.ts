import type { EpochMs, MonotonicMs } from '../model.js'

/** A pending timer; `cancel` is idempotent. */
export interface Timer {
  cancel(): void
}

/** The only door to time. Everything that waits or asks for the time takes one, so tests never sleep. */
export interface Clock {
  /** Wall clock. May step in either direction. */
  now(): EpochMs
  /** Never steps; for durations and deadlines. */
  monotonicMs(): MonotonicMs
  /** Calls `callback` once after `delayMs` of monotonic time. */
  after(delayMs: number, callback: () => void): Timer
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const handle = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(handle) }
  },
}

/** Resolves after `delayMs`, or at once when `signal` aborts (it never rejects: the caller looks at the signal). */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = () => {
      timer.cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.after(delayMs, done)
    signal?.addEventListener('abort', done, { once: true })
  })
}
