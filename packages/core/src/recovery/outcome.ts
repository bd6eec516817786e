import type { IsrError } from '../errors.js'
import type { Recording } from '../model.js'

/**
 * What became of a file that was open:
 * `repaired`: made whole; `complete`: nothing was missing but its line in the ledger; `removed`: it held no audio at all;
 * `missing`: it is gone; `left`: it was not touched, `reason` says why; `failed`: it could not be mended, `error` says why.
 */
export type RepairAction = 'repaired' | 'complete' | 'removed' | 'missing' | 'left' | 'failed'

/** One file that repair looked at. */
export interface RepairOutcome {
  /** Storage key. */
  readonly name: string
  /** Name of its source. */
  readonly source: string
  /** What was done. */
  readonly action: RepairAction
  /** Its facts; present when it is `repaired` or `complete`. */
  readonly recording?: Recording
  /** Bytes of the remains that are in no whole frame and are gone now. */
  readonly droppedBytes: number
  /** Why it was left. */
  readonly reason?: string
  /** Somebody else is recording it; else absent. */
  readonly inUse?: true
  /** Why it could not be mended. */
  readonly error?: IsrError
}
