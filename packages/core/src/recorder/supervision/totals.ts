import type { Discard, DiscardReason } from '../../model.js'
import type { RecorderStatus } from '../events.js'

/** Sums of a recorder since its start. */
export class Totals {
  /** Files closed. */
  recordings = 0
  /** Stretches of time that were not recorded. */
  gaps = 0
  /** Reconnects without one. */
  seams = 0
  /** Audio of runs that have ended, in seconds. */
  earlierSeconds = 0
  /** Bytes received in runs that have ended. */
  earlierBytes = 0
  readonly #discardedBytes: Partial<Record<DiscardReason, number>> = {}

  /** Received bytes were not kept. */
  discard({ bytes, reason }: Discard): void {
    this.#discardedBytes[reason] = (this.#discardedBytes[reason] ?? 0) + bytes
  }

  /** What is told of them. */
  get counts(): Pick<RecorderStatus, 'recordings' | 'gaps' | 'seams' | 'discardedBytes'> {
    const { recordings, gaps, seams } = this
    return { recordings, gaps, seams, discardedBytes: { ...this.#discardedBytes } }
  }
}
