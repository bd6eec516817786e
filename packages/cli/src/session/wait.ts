import type { Clock } from '@isr/core'

/** Resolves after `delayMs`, or when `sooner` does, whichever comes first. */
export async function sleepUnless(clock: Clock, delayMs: number, sooner: Promise<unknown>): Promise<void> {
  let cancel = (): void => {}
  const slept = new Promise<void>((resolve) => {
    const timer = clock.after(delayMs, resolve)
    cancel = () => timer.cancel()
  })
  await Promise.race([slept, sooner])
  cancel()
}

/** Longest delay that a timer of Node.js takes, with room to spare: about 12 days. */
const LONGEST_TIMER_MS = 2 ** 30

/** Calls `callback` once after `delayMs`, however long that is. Returns what cancels it. */
export function afterLong(clock: Clock, delayMs: number, callback: () => void): () => void {
  const endMs = clock.monotonicMs() + delayMs
  let cancel = (): void => {}
  const next = (): void => {
    const leftMs = endMs - clock.monotonicMs()
    if (leftMs <= 0) return callback()
    const timer = clock.after(Math.min(leftMs, LONGEST_TIMER_MS), next)
    cancel = () => timer.cancel()
  }
  next()
  return () => cancel()
}
