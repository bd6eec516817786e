import { randomBytes } from 'node:crypto'
import type { EpochMs } from '../../model.js'
import { formatIso } from '../../time/strftime.js'

/** A new name for a run: sorts by time, never twice: `20261122T184312.417Z-9f3a61c0`. */
export function newRunId(at: EpochMs): string {
  return `${formatIso(at).replace(/[-:]/g, '')}-${randomBytes(4).toString('hex')}`
}
