import { copyToShared } from '../../bytes/copy-to-shared.js'
import type { MonotonicMs } from '../../model.js'
import type { SlabRange } from './protocol.js'
import { RECORD, RECORD_HEAD_BYTES, recordBytes } from './record.js'

const SLAB_BYTES = 1 << 20
/** On the way to one volume at a time; what does not fit waits where it is. */
const MOST_SLABS = 8
/**
 * One that nobody has needed for so long is given back: it was for a volume that hung. By time, not by batches: a hundred recorders with a
 * storage each send a hundred a second, and what the thread forgets is memory until its heap is collected.
 */
const KEPT_MS = 60_000
/** A record shorter than this is not worth its head. */
const LEAST_BYTES = 512

interface Slab {
  readonly number: number
  readonly bytes: Buffer
  readonly words: DataView
  usedBytes: number
  /** It is free when this batch is done. */
  batch: number
  /** When it was needed last. */
  neededMs: MonotonicMs
}

/** What a {@link Slabs} needs. */
export interface SlabsOptions {
  /** Told of each new one. */
  readonly onNew: (slab: number, bytes: Uint8Array) => void
  /** Told of each that is given back. */
  readonly onGone: (slab: number) => void
  /** Number of the last batch that was worked off. */
  readonly doneBatch: () => number
}

/** Shared memory through which bytes go to the thread of a volume: taken when needed, used again when worked off. */
export class Slabs {
  readonly #options: SlabsOptions
  #all: Slab[] = []
  #made = 0
  #current?: Slab
  #ranges: SlabRange[] = []
  #startByte = 0

  constructor(options: SlabsOptions) {
    this.#options = options
  }

  /**
   * Copies the beginning of `parts` behind one head. Parts that were copied are taken away, one that was copied in part is shortened.
   * @returns bytes copied; 0 when there is no room
   */
  put(file: number, parts: Uint8Array[], lengthBytes: number): number {
    const slab = this.#withRoom(lengthBytes)
    if (!slab) return 0
    const head = slab.usedBytes
    const room = slab.bytes.length - head - RECORD_HEAD_BYTES
    const length = Math.min(lengthBytes, room)
    slab.words.setUint32(head + 4, RECORD.data, true)
    slab.words.setUint32(head + 8, file, true)
    slab.words.setUint32(head + 12, length, true)
    let copied = 0
    let whole = 0
    while (copied < length) {
      const part = parts[whole]
      const taken = part.length <= length - copied ? part : part.subarray(0, length - copied)
      copyToShared(slab.bytes, head + RECORD_HEAD_BYTES + copied, taken)
      copied += taken.length
      if (taken.length === part.length) whole++
      else parts[whole] = part.subarray(taken.length)
    }
    parts.splice(0, whole)
    slab.usedBytes = Math.min(head + recordBytes(length), slab.bytes.length)
    return length
  }

  /** Ends a batch, now. @returns where its records stand */
  take(batch: number, nowMs: MonotonicMs): SlabRange[] {
    this.#endRange(batch)
    const ranges = this.#ranges
    this.#ranges = []
    for (const slab of this.#all) if (slab === this.#current || !this.#isFree(slab)) slab.neededMs = nowMs
    this.#giveBack(nowMs)
    return ranges
  }

  #withRoom(lengthBytes: number): Slab | undefined {
    const needed = RECORD_HEAD_BYTES + Math.min(lengthBytes, LEAST_BYTES)
    const current = this.#current
    if (current && this.#startByte === current.usedBytes && current.usedBytes > 0 && this.#isFree(current)) {
      current.usedBytes = 0
      this.#startByte = 0
    }
    if (current && current.usedBytes + needed <= current.bytes.length) return current
    // the batch goes on in the next one
    this.#endRange(Infinity)
    const next = this.#all.find((slab) => slab !== current && this.#isFree(slab)) ?? this.#make()
    if (!next) return undefined
    next.usedBytes = 0
    this.#current = next
    this.#startByte = 0
    return next
  }

  #isFree({ batch }: Slab): boolean {
    return batch <= this.#options.doneBatch()
  }

  #endRange(batch: number): void {
    const current = this.#current
    for (const slab of this.#all) if (slab.batch === Infinity) slab.batch = batch
    if (!current || this.#startByte === current.usedBytes) return
    this.#ranges.push({ slab: current.number, startByte: this.#startByte, endByte: current.usedBytes })
    this.#startByte = current.usedBytes
    current.batch = batch
  }

  #giveBack(nowMs: MonotonicMs): void {
    const isNeeded = ({ neededMs }: Slab) => nowMs - neededMs < KEPT_MS
    if (this.#all.every(isNeeded)) return
    for (const slab of this.#all) if (!isNeeded(slab)) this.#options.onGone(slab.number)
    this.#all = this.#all.filter(isNeeded)
  }

  #make(): Slab | undefined {
    if (this.#all.length >= MOST_SLABS) return undefined
    const memory = new SharedArrayBuffer(SLAB_BYTES)
    const number = this.#made++
    const bytes = Buffer.from(memory)
    const slab = { number, bytes, words: new DataView(memory), usedBytes: 0, batch: Infinity, neededMs: Infinity }
    this.#all.push(slab)
    this.#options.onNew(number, bytes)
    return slab
  }
}
