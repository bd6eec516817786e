import { uptime } from 'node:os'
import type { EpochMs, MonotonicMs } from '../model.js'
import { SteadyClock } from './steady-clock.js'

/** A pending timer; `cancel` is idempotent. */
export interface Timer {
  /** Makes sure that the callback is not called any more. */
  cancel(): void
}

/** The only door to time. Everything that waits or asks for the time takes one, so tests never sleep. */
export interface Clock {
  /** Wall clock. May step in either direction. */
  now(): EpochMs
  /** Never steps, and goes on while the machine sleeps; for durations and deadlines. */
  monotonicMs(): MonotonicMs
  /** Calls `callback` once after `delayMs` of monotonic time. */
  after(delayMs: number, callback: () => void): Timer
}

/** `setTimeout` takes no more: 24.8 days; a longer delay would end at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

const steady = new SteadyClock({
  awakeMs: () => performance.now(),
  uptimeMs: () => uptime() * 1000,
  wallMs: () => Date.now(),
})

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => steady.now(),
  after(delayMs, callback) {
    let leftMs = delayMs
    let handle: NodeJS.Timeout
    const wait = () => {
      const partMs = Math.min(leftMs, MAX_TIMEOUT_MS)
      leftMs -= partMs
      handle = setTimeout(leftMs > 0 ? wait : callback, partMs)
    }
    wait()
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

/** Resolves when `promise` has resolved, or after `delayMs`. */
export async function within(clock: Clock, delayMs: number, promise: Promise<unknown>): Promise<void> {
  const late = new AbortController()
  await Promise.race([promise.finally(() => late.abort()), sleep(clock, delayMs, late.signal)])
}

/** Resolves when `signal` aborts; at once when it has. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
