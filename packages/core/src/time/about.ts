import type { MonotonicMs } from '../model.js'
import type { Clock, Timer } from './clock.js'

/** Whoever is in no hurry is called on a whole second, so that the process wakes up once for all of them. */
const GRID_MS = 1000

/** Whoever has so much time is called on a multiple of it. */
const COARSE_GRID_MS = 4000

/** Timers may be early: the moment of just now is over. */
const EARLY_MS = 250

/** Those who are called at the same moment. */
interface Moment {
  readonly callbacks: Set<() => void>
  readonly timer: Timer
}

const gridOf = new WeakMap<Clock, Map<MonotonicMs, Moment>>()

/**
 * Calls `callback` once, on a whole second of the monotonic clock: the last one within `delayMs`, or else the next one; on every
 * fourth second, when there is time for that. A thousand watchers cost one wake-up a second, or less.
 *
 * @param phaseMs - so long after the second: for those who would be too many at once
 */
export function afterAbout(clock: Clock, delayMs: number, callback: () => void, phaseMs = 0): Timer {
  const nowMs = clock.monotonicMs()
  const sinceMs = nowMs - phaseMs
  const gridMs = delayMs >= COARSE_GRID_MS ? COARSE_GRID_MS : GRID_MS
  const turn = Math.max(Math.floor((sinceMs + EARLY_MS) / gridMs) + 1, Math.floor((sinceMs + delayMs) / gridMs))
  const dueMs = phaseMs + turn * gridMs
  const { callbacks } = momentAt(clock, dueMs, nowMs)
  // one function may wait more than once
  const call = () => callback()
  callbacks.add(call)
  return { cancel: () => callbacks.delete(call) && callbacks.size === 0 && forget(clock, dueMs) }
}

function momentAt(clock: Clock, dueMs: MonotonicMs, nowMs: MonotonicMs): Moment {
  let grid = gridOf.get(clock)
  if (!grid) gridOf.set(clock, (grid = new Map()))
  let moment = grid.get(dueMs)
  if (!moment) {
    const timer = clock.after(dueMs - nowMs, () => run(clock, dueMs))
    grid.set(dueMs, (moment = { callbacks: new Set(), timer }))
  }
  return moment
}

/** One after the other; who cancels another of them in time is heard. */
function run(clock: Clock, dueMs: MonotonicMs): void {
  const callbacks = gridOf.get(clock)?.get(dueMs)?.callbacks
  gridOf.get(clock)?.delete(dueMs)
  for (const callback of callbacks ?? []) callback()
  callbacks?.clear()
}

/** Nobody waits for it any more. */
function forget(clock: Clock, dueMs: MonotonicMs): void {
  gridOf.get(clock)?.get(dueMs)?.timer.cancel()
  gridOf.get(clock)?.delete(dueMs)
}
