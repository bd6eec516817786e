import type { FrameIdentity } from '../../formats/format.js'
import type { FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { hashFrames } from './hash-frames.js'
import { MarkRing } from './mark-ring.js'

const FIRST_CAPACITY = 256

/** Where the frames of one span begin and end, and how long each is, in microseconds; reused. */
let ranges = new Int32Array(2 * FIRST_CAPACITY)
let lengths = new Int32Array(FIRST_CAPACITY)

/** How frames of a stream are recognised; undefined when they are not. */
export type IdentityOf = (header: HeaderCapture) => FrameIdentity | undefined

/**
 * Consecutive frames by what identifies them, 8 bytes a frame, and 4 where they differ in length: 64 bits over every byte that a server
 * sends again, and the setup that they need. Frames of a format without identity end the row: it begins anew behind them.
 */
export class FrameMarks {
  readonly #identityOf: IdentityOf
  readonly #maxMicroseconds: number
  readonly #ring = new MarkRing()
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
    return this.#ring.length
  }

  /** Length of all frames, in seconds. */
  get seconds(): number {
    return this.#ring.microseconds / 1e6
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
    const microseconds = lengthsOf(span)
    const addedMicroseconds = typeof microseconds === 'number' ? frames * microseconds : sumOf(microseconds)
    this.#ring.dropTo(this.#maxMicroseconds - addedMicroseconds, 0)
    this.#ring.add(hashFrames(bytes, ranges, frames, this.#seed), microseconds)
    this.#ring.dropTo(this.#maxMicroseconds, 1)
  }

  /** Forgets the oldest frame. */
  dropFirst(): void {
    this.#ring.dropFirst()
  }

  /** Forgets all. */
  clear(): void {
    this.#ring.clear()
  }

  /** Whether a frame is the same as a frame of another row. */
  same(frame: number, other: FrameMarks, otherFrame: number): boolean {
    const [ours, theirs] = [this.#ring, other.#ring]
    return ours.mark(frame, 0) === theirs.mark(otherFrame, 0) && ours.mark(frame, 1) === theirs.mark(otherFrame, 1)
  }

  /** A number that equal frames share, and few others. */
  key(frame: number): number {
    return this.#ring.mark(frame, 0)
  }

  /** Length of the frames `from` <= frame < `to`, in seconds. */
  secondsBetween(from: number, to: number): number {
    return this.#ring.microsecondsBetween(from, to) / 1e6
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
}

/** How long each frame is, in microseconds; a number where all are alike. */
function lengthsOf(span: FrameSpan): Int32Array | number {
  const { frames, samplesPerFrame } = span
  const microsecondsPerSample = 1e6 / span.header.info.sampleRateHz
  if (samplesPerFrame !== undefined) return Math.round(samplesPerFrame * microsecondsPerSample)
  if (lengths.length < frames) lengths = new Int32Array(2 * frames)
  let startSample = 0
  for (let frame = 0; frame < frames; frame++) {
    const endSample = span.sampleOffset(frame + 1)
    lengths[frame] = Math.round((endSample - startSample) * microsecondsPerSample)
    startSample = endSample
  }
  return lengths.subarray(0, frames)
}

function sumOf(values: Int32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
