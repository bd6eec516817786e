import type { Opener } from '../../recovery/recover.js'
import type { Writer } from '../../storages/presence/presence.js'

/**
 * Who has opened the file whose line begins at `startByte` of the ledger. A running process can have opened only what stands behind
 * the place where the ledger ended when it came; so what this process itself may record is not even looked at. A process that is
 * known to be gone vouches for what is left; without one nobody knows.
 */
export function openerOf(startByte: number, writers: readonly Writer[]): Opener {
  const possible = writers.filter(({ ledgerBytes }) => ledgerBytes <= startByte)
  if (possible.some(({ liveness }) => liveness === 'alive')) return 'alive'
  if (possible.some(({ liveness }) => liveness === 'unknown')) return 'unknown'
  return possible.some(({ liveness }) => liveness === 'dead') ? 'nobody' : 'unknown'
}
