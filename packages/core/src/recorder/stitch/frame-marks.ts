import type { FrameIdentity } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { hashFrames } from './hash-frames.js'

/** Of a frame: two halves of its hash, and its length in microseconds. */
const INTS_PER_FRAME = 3
const FIRST_CAPACITY = 256

/** Where the frames of one span begin and end; reused. */
let ranges = new Int32Array(2 * FIRST_CAPACITY)

/** How frames of a stream are recognised; undefined when they are not. */
export type IdentityOf = (header: HeaderCapture) => FrameIdentity | undefined

/**
 * Consecutive frames by what identifies them, 12 bytes a frame: 64 bits over every byte that a server sends again, and the setup that
 * they need. Frames of a format without identity end the row: it begins anew behind them.
 */
export class FrameMarks {
  readonly #identityOf: IdentityOf
  readonly #maxMicroseconds: number
  /** A ring; its capacity is a power of two. */
  #ints = new Int32Array(FIRST_CAPACITY * INTS_PER_FRAME)
  #first = 0
  #length = 0
  #microseconds = 0
  #header?: HeaderCapture
  #identity?: FrameIdentity
  #seed = 0

  /** @param maxSeconds - how much is kept: the oldest frames are forgotten beyond it. Default all */
  constructor(identityOf: IdentityOf, maxSeconds = Infinity) {
    this.#identityOf = identityOf
    this.#maxMicroseconds = maxSeconds * 1e6
  }

  /** How many frames there are. */
  get length(): number {
    return this.#length
  }

  /** Length of all frames, in seconds. */
  get seconds(): number {
    return this.#microseconds / 1e6
  }

  /** Adds the next frames. */
  add(span: FrameSpan): void {
    if (span.header !== this.#header) this.#begin(span.header)
    const identity = this.#identity
    if (!identity) return this.clear()
    const { bytes, frames } = span
    if (ranges.length < 2 * frames) ranges = new Int32Array(4 * frames)
    let start = 0
    for (let frame = 0; frame < frames; frame++) {
      const end = span.byteOffset(frame + 1)
      const from = identity.ownHeadBytes ? start + identity.ownHeadBytes(bytes, start, end) : start
      const to = identity.ownTailBytes ? end - identity.ownTailBytes(bytes, start, end) : end
      ranges[2 * frame] = from
      ranges[2 * frame + 1] = Math.max(from, to)
      start = end
    }
    const hashes = hashFrames(bytes, ranges, frames, this.#seed)
    const microsecondsPerSample = 1e6 / span.header.info.sampleRateHz
    let startSample = 0
    for (let frame = 0; frame < frames; frame++) {
      const endSample = span.sampleOffset(frame + 1)
      const microseconds = Math.round((endSample - startSample) * microsecondsPerSample)
      const at = this.#next()
      this.#ints[at] = hashes[2 * frame]
      this.#ints[at + 1] = hashes[2 * frame + 1]
      this.#ints[at + 2] = microseconds
      this.#microseconds += microseconds
      startSample = endSample
    }
    while (this.#microseconds > this.#maxMicroseconds && this.#length > 1) this.dropFirst()
  }

  /** Forgets the oldest frame. */
  dropFirst(): void {
    this.#microseconds -= this.#ints[this.#at(0) + 2]
    this.#first++
    this.#length--
  }

  /** Forgets all. */
  clear(): void {
    this.#first = 0
    this.#length = 0
    this.#microseconds = 0
  }

  /** Whether a frame is the same as a frame of another row. */
  same(frame: number, other: FrameMarks, otherFrame: number): boolean {
    const at = this.#at(frame)
    const otherAt = other.#at(otherFrame)
    return this.#ints[at] === other.#ints[otherAt] && this.#ints[at + 1] === other.#ints[otherAt + 1]
  }

  /** A number that equal frames share, and few others. */
  key(frame: number): number {
    return this.#ints[this.#at(frame)]
  }

  /** Length of the frames `from` <= frame < `to`, in seconds. */
  secondsBetween(from: number, to: number): number {
    let microseconds = 0
    for (let frame = from; frame < to; frame++) microseconds += this.#ints[this.#at(frame) + 2]
    return microseconds / 1e6
  }

  #begin(header: HeaderCapture): void {
    this.#header = header
    this.#identity = this.#identityOf(header)
    if (!this.#identity) return
    let seed = 0
    for (const packet of [new TextEncoder().encode(header.format), ...this.#identity.setup(header)])
      [seed] = hashFrames(packet, Int32Array.of(0, packet.length), 1, seed)
    this.#seed = seed
  }

  /** Place of one more frame, behind all others. */
  #next(): number {
    if ((this.#length + 1) * INTS_PER_FRAME > this.#ints.length) this.#grow()
    return this.#at(this.#length++)
  }

  #at(frame: number): number {
    const capacity = this.#ints.length / INTS_PER_FRAME
    return ((this.#first + frame) & (capacity - 1)) * INTS_PER_FRAME
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.#ints.length)
    const start = this.#at(0)
    grown.set(this.#ints.subarray(start))
    grown.set(this.#ints.subarray(0, start), this.#ints.length - start)
    this.#ints = grown
    this.#first = 0
  }
}
