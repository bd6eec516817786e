import type { Remains } from '../ledger/read/ledger-scan.js'
import { sleep } from '../time/clock.js'
import type { RepairOutcome } from './outcome.js'
import { repairFile, type RepairTools } from './repair-file.js'

/**
 * Who has opened a file: `nobody` that still runs; a process that is `alive` and may be recording it; or `unknown`: a process of
 * another machine, container or boot, of which nothing can be asked.
 */
export type Opener = 'nobody' | 'alive' | 'unknown'

/** What {@link recover} works with. */
export interface RecoverOptions extends RepairTools {
  /** Files that are not finished, oldest first. */
  readonly unfinished: readonly Remains[]
  /** Who has opened the file whose line begins at this byte of the ledger. */
  readonly openerOf: (startByte: number) => Opener
  /** Ends between two files. */
  readonly signal?: AbortSignal
}

/** What nobody here can vouch for must have rested so long: the longest that a source is silent before it is given up is shorter. */
const QUIET_MS = 60_000
const LOOK_EVERY_MS = 1000

/**
 * Finishes what crashes and failing volumes left open, one file at a time. What a running process may be recording is never
 * touched; of what cannot be known it waits until the file has rested for a minute.
 */
export async function* recover(options: RecoverOptions): AsyncGenerator<RepairOutcome> {
  const { unfinished, openerOf, signal } = options
  const later: Remains[] = []
  for (const file of unfinished) {
    if (signal?.aborted) return
    const opener = openerOf(file.startByte)
    if (opener === 'unknown') later.push(file)
    else if (opener === 'alive') yield left(file, 'it is being recorded')
    else yield await repairFile(file, options)
  }
  for (const file of later) {
    if (signal?.aborted) return
    if (await rests(file, options)) yield await repairFile(file, options)
    else if (!signal?.aborted) yield left(file, 'it is growing: another machine or container records it')
  }
}

/** Waits until a file has not changed for a minute. @returns false when it changed meanwhile */
async function rests({ open }: Remains, { storage, clock, signal }: RecoverOptions): Promise<boolean> {
  const look = () => storage.stat(open.name).catch(() => undefined)
  const before = await look()
  if (!before) return true // it is missing, which repair tells
  const sinceMs = clock.monotonicMs()
  const restedMs = Math.max(0, clock.now() - before.modifiedAt)
  while (restedMs + clock.monotonicMs() - sinceMs < QUIET_MS) {
    await sleep(clock, LOOK_EVERY_MS, signal)
    if (signal?.aborted) return false
    const now = await look()
    if (now && (now.sizeBytes !== before.sizeBytes || now.modifiedAt !== before.modifiedAt)) return false
  }
  return true
}

function left({ open }: Remains, reason: string): RepairOutcome {
  return { name: open.name, source: open.source, action: 'left', droppedBytes: 0, reason, inUse: true }
}
