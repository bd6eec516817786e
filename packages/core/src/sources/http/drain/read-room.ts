import { keepHeadroom } from '../../../bytes/headroom.js'

/** One read of the kernel takes at most this much: the backlog of any live stream. */
const ROOM_BYTES = 256 * 1024

/** Reads of one slab: more would hold back more memory for each stream, fewer waste more at its end. */
const READS_PER_SLAB = 4

/** A read may be longer than the one before by a segment or so. */
const SPARE_BYTES = 2048

/** Smallest and largest slab; a read that is longer has one of its own. */
const LEAST_SLAB_BYTES = 32 * 1024
const MOST_SLAB_BYTES = 128 * 1024

/** Free at the start of a slab, for the part of a frame that was read before; for long reads, whose frames may be, four times as much. */
const HEADROOM_BYTES = 2048

/**
 * Where every socket of the process is read into. A read and the copy out of it are one synchronous call, so one room is enough for
 * any number of sockets.
 */
export const readRoom = new Uint8Array(ROOM_BYTES)

/**
 * Memory for what one stream sends: each read lies right behind the one before, as long as there is room, so that a frame which
 * is cut between them need not be copied together. What was given is never written again.
 */
export class StreamSlab {
  #bytes = new Uint8Array(0)
  #used = 0

  /** A copy of `bytes` that may be kept. */
  keep(bytes: Uint8Array): Uint8Array {
    const { length } = bytes
    if (this.#used + length > this.#bytes.length) this.#begin(length)
    const start = this.#used
    this.#used += length
    this.#bytes.set(bytes, start)
    return this.#bytes.subarray(start, this.#used)
  }

  #begin(length: number): void {
    const headroom = HEADROOM_BYTES * (length > LEAST_SLAB_BYTES ? 4 : 1)
    const wanted = Math.max(LEAST_SLAB_BYTES, READS_PER_SLAB * (length + SPARE_BYTES))
    const size = headroom + Math.max(length, Math.min(MOST_SLAB_BYTES, wanted))
    // nobody has cleared it: all that is given of it is written first
    const { buffer } = Buffer.allocUnsafeSlow(size)
    this.#bytes = new Uint8Array(buffer)
    this.#used = headroom
    keepHeadroom(buffer, headroom)
  }
}
