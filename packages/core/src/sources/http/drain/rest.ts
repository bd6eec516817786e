import type { MonotonicMs } from '../../../model.js'

/** Where a socket waits between two reads. */
export interface Rest {
  /**
   * A read of so many bytes has ended, and the next one may wait.
   * @param mostMs - for so long
   * @returns whether to read on; otherwise the socket is paused
   */
  after(bytes: number, nowMs: MonotonicMs, mostMs: number): boolean
  /** A read has ended, and the next one may not wait. */
  stayAwake(bytes: number, nowMs: MonotonicMs): void
  /** Reads what has arrived; where nothing has, what comes next. */
  drain(): void
  /** The connection has ended. @param here - whether it was we who closed it */
  end(here: boolean): void
}

/** As often an arrival is awaited instead of found, so that the true moment of it is known. */
export const PROBE_MS = 20_000
