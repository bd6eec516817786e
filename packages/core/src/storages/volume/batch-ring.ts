import type { Batch, SlabRange, SyncTick } from './protocol.js'
import { CONTROL, RING_ENTRIES, RING_ENTRY_BYTES, type SharedMemory } from './shared-memory.js'

/** Most parts of a batch: one for each slab, and one that stands for none. */
const MOST_PARTS = 16
const LAST = 1
const SYNC = 2
const NO_SLAB = -1

/**
 * Batches on their way to the thread of a volume, in shared memory: where little is written, a message would cost more than the
 * writing. A batch is as many entries as it has ranges.
 */
export class BatchRing {
  readonly #control: Int32Array
  readonly #view: DataView

  constructor({ control, ring }: SharedMemory) {
    this.#control = control
    this.#view = new DataView(ring)
  }

  /** Whether a batch can be added. */
  get hasRoom(): boolean {
    const waiting = (Atomics.load(this.#control, CONTROL.added) - Atomics.load(this.#control, CONTROL.taken)) | 0
    return waiting + MOST_PARTS <= RING_ENTRIES
  }

  /** Adds a batch, for which there is room. */
  add(batch: number, folder: number, ranges: readonly SlabRange[], sync?: SyncTick): void {
    const parts = ranges.length > 0 ? ranges : [{ slab: NO_SLAB, startByte: 0, endByte: 0 }]
    let at = Atomics.load(this.#control, CONTROL.added)
    for (const [index, { slab, startByte, endByte }] of parts.entries()) {
      const isLast = index === parts.length - 1
      const offset = entryOf(at)
      const view = this.#view
      view.setInt32(offset, batch, true)
      view.setInt32(offset + 4, folder, true)
      view.setInt32(offset + 8, slab, true)
      view.setInt32(offset + 12, startByte, true)
      view.setInt32(offset + 16, endByte, true)
      view.setInt32(offset + 20, (isLast ? LAST : 0) | (isLast && sync ? SYNC : 0), true)
      view.setFloat64(offset + 24, sync?.nowMs ?? 0, true)
      view.setFloat64(offset + 32, sync?.intervalMs ?? 0, true)
      at = (at + 1) | 0
    }
    Atomics.store(this.#control, CONTROL.added, at)
  }

  /** Takes all that were added. */
  takeAll(): Batch[] {
    const end = Atomics.load(this.#control, CONTROL.added)
    const batches: Batch[] = []
    let ranges: SlabRange[] = []
    let at = Atomics.load(this.#control, CONTROL.taken)
    for (; at !== end; at = (at + 1) | 0) {
      const offset = entryOf(at)
      const view = this.#view
      const slab = view.getInt32(offset + 8, true)
      const flags = view.getInt32(offset + 20, true)
      if (slab !== NO_SLAB)
        ranges.push({ slab, startByte: view.getInt32(offset + 12, true), endByte: view.getInt32(offset + 16, true) })
      if ((flags & LAST) === 0) continue
      const nowMs = view.getFloat64(offset + 24, true)
      const intervalMs = view.getFloat64(offset + 32, true)
      const [batch, folder] = [view.getInt32(offset, true), view.getInt32(offset + 4, true)]
      batches.push({ batch, folder, ranges, ...((flags & SYNC) !== 0 && { sync: { nowMs, intervalMs } }) })
      ranges = []
    }
    Atomics.store(this.#control, CONTROL.taken, at)
    return batches
  }
}

function entryOf(count: number): number {
  return (count & (RING_ENTRIES - 1)) * RING_ENTRY_BYTES
}
