import { keepHeadroom } from '../../../bytes/headroom.js'

/** One read of the kernel takes at most this much: the backlog of any live stream. */
const ROOM_BYTES = 256 * 1024

/** What small reads share. Larger slabs would hold back more memory for each stream. */
const SLAB_BYTES = 32 * 1024

/** A read that is longer has a slab of its own, of just its size: nothing is wasted, and nothing else is held with it. */
const LONGEST_SHARED_BYTES = 12 * 1024

const NOTHING: Uint8Array = new Uint8Array(0)

/** Free at the start of a slab, for the part of a frame that was read before; for very long reads, whose frames may be, more. */
const HEADROOM_BYTES = 2048
const LARGE_HEADROOM_BYTES = 8192

/**
 * Where every socket of the process is read into. A read and the copy out of it are one synchronous call, so one room is enough for
 * any number of sockets.
 */
export const readRoom = new Uint8Array(ROOM_BYTES)

/** Records of TLS are mostly of one length: a view of so much of the room is made once. */
let seen: Uint8Array = readRoom

function inRoom(length: number): Uint8Array {
  if (seen.length !== length) seen = readRoom.subarray(0, length)
  return seen
}

/**
 * Memory for what one stream sends: each read lies right behind the one before, as long as there is room, so that a frame which
 * is cut between them need not be copied together. What was given is never written again.
 */
export class StreamSlab {
  #bytes: Uint8Array = NOTHING
  #used = 0
  /** Where what was added and not taken begins. */
  #start = 0

  /** Whether nothing was added that was not taken. */
  get isEmpty(): boolean {
    return this.#start === this.#used
  }

  /**
   * Copies the first `length` bytes of the room behind what was added before.
   * @returns what was added before, where this could not lie right behind it
   */
  add(length: number): Uint8Array | undefined {
    const before = this.#used + length > this.#bytes.length ? this.#begin(length) : undefined
    this.#bytes.set(inRoom(length), this.#used)
    this.#used += length
    return before
  }

  /** What was added, as one; it may be kept. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(this.#start, this.#used)
    this.#start = this.#used
    // a full one is held by nobody but those who were given it
    if (this.#used === this.#bytes.length) {
      this.#bytes = NOTHING
      this.#start = this.#used = 0
    }
    return taken
  }

  #begin(length: number): Uint8Array | undefined {
    const before = this.isEmpty ? undefined : this.take()
    const headroom = length > SLAB_BYTES ? LARGE_HEADROOM_BYTES : HEADROOM_BYTES
    const size = length > LONGEST_SHARED_BYTES ? headroom + length : SLAB_BYTES
    // nobody has cleared it: all that is given of it is written first
    const { buffer } = Buffer.allocUnsafeSlow(size)
    this.#bytes = new Uint8Array(buffer)
    this.#start = this.#used = headroom
    keepHeadroom(buffer, headroom)
    return before
  }
}
