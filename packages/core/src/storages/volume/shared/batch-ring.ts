import type { Batch, SlabRange, SyncTick } from '../protocol.js'
import { BATCH_ENTRY_BYTES, type SharedMemory } from './shared-memory.js'
import { SharedRing } from './shared-ring.js'

/** Most parts of a batch: one for each slab, and one that stands for none. */
const MOST_PARTS = 16
const LAST = 1
const SYNC = 2
const NO_SLAB = -1

/** Batches on their way to the thread of a volume. A batch is as many entries as it has ranges. */
export class BatchRing {
  readonly #ring: SharedRing

  constructor({ ring }: SharedMemory) {
    this.#ring = new SharedRing(ring, BATCH_ENTRY_BYTES)
  }

  /** Whether a batch can be added. */
  get hasRoom(): boolean {
    return this.#ring.room >= MOST_PARTS
  }

  /** Adds a batch, for which there is room. */
  add(batch: number, folder: number, ranges: readonly SlabRange[], sync?: SyncTick): void {
    const parts = ranges.length > 0 ? ranges : [{ slab: NO_SLAB, startByte: 0, endByte: 0 }]
    this.#ring.add(parts.length, (view, at, index) => {
      const { slab, startByte, endByte } = parts[index]
      const isLast = index === parts.length - 1
      view.setInt32(at, batch, true)
      view.setInt32(at + 4, folder, true)
      view.setInt32(at + 8, slab, true)
      view.setInt32(at + 12, startByte, true)
      view.setInt32(at + 16, endByte, true)
      view.setInt32(at + 20, (isLast ? LAST : 0) | (isLast && sync ? SYNC : 0), true)
      view.setFloat64(at + 24, sync?.nowMs ?? 0, true)
      view.setFloat64(at + 32, sync?.intervalMs ?? 0, true)
    })
  }

  /** Takes all that were added. */
  takeAll(): Batch[] {
    const batches: Batch[] = []
    let ranges: SlabRange[] = []
    this.#ring.take((view, at) => {
      const slab = view.getInt32(at + 8, true)
      const flags = view.getInt32(at + 20, true)
      if (slab !== NO_SLAB)
        ranges.push({ slab, startByte: view.getInt32(at + 12, true), endByte: view.getInt32(at + 16, true) })
      if ((flags & LAST) === 0) return
      const [batch, folder] = [view.getInt32(at, true), view.getInt32(at + 4, true)]
      const sync = { nowMs: view.getFloat64(at + 24, true), intervalMs: view.getFloat64(at + 32, true) }
      batches.push({ batch, folder, ranges, ...((flags & SYNC) !== 0 && { sync }) })
      ranges = []
    })
    return batches
  }
}
