import { sharedFlacDecoder } from '../decode/shared-decoder.js'
import { crc16 } from '../../../bytes/crc/crc16.js'
import { nextFlacNumber, type FlacFrameHeader } from '../frame-header.js'
import type { FlacStreamHead } from '../blocks/metadata-block.js'
import type { FlacStreamInfo } from '../blocks/streaminfo.js'

/** Starts waiting for a verdict; more at once exist only where the first is false. */
const MAX_OPEN = 32
/** Bytes that may be walked for a verdict: so many at once, and so many for each byte received. */
const WALK_CREDIT_BYTES = 1 << 23
const WALKS_PER_BYTE = 8

/** Claims of STREAMINFO about the largest frame are believed up to here. */
const MAX_FRAME_BYTES = 1 << 22

/** A place where a frame or a stream may start, and so where the frame before may end. */
export interface Candidate {
  /** Position from the start of the connection. */
  readonly at: number
  /** Two places have the same key exactly when the CRC-16 of the bytes between them is 0. */
  readonly key: number
  /** Present where a frame may start. */
  readonly frame?: FlacFrameHeader
  /** Present where a stream may start. */
  readonly head?: FlacStreamHead
  /** The STREAMINFO in force. */
  readonly known?: FlacStreamInfo
}

/** Takes the verdicts, in stream order and without holes. */
export interface SearchSink {
  /** A whole frame. */
  onFrame(candidate: Candidate, end: number): void
  /** The head of a stream. */
  onHead(candidate: Candidate): void
  /** Bytes of no frame; `cut` at the end of the connection when they begin with a frame whose end never came. */
  onNoise(start: number, end: number, cut: boolean): void
}

/**
 * Decides which candidates are frames. A frame ends where the next number follows and the CRC-16 of everything between is 0;
 * where only one of the two holds, or later frames prove themselves while one is still open, its codes are walked to its true end.
 * Bounded: in memory by twice the size that a frame has uncompressed, in work by a credit that grows with the bytes received.
 */
export class FrameSearch {
  readonly #sink: SearchSink
  readonly #view: (start: number, end: number) => Uint8Array
  /** In order; the first is where everything before is decided. */
  #open: Candidate[] = []
  /** Everything before is decided. */
  #decided = 0
  #walkedBytes = 0
  #finishing = false

  /** @param view - the bytes between two positions, from {@link FrameSearch.decided} on */
  constructor(sink: SearchSink, view: (start: number, end: number) => Uint8Array) {
    this.#sink = sink
    this.#view = view
  }

  /** Everything before this position is decided. */
  get decided(): number {
    return this.#decided
  }

  /** Whether a start waits for its end. */
  get waiting(): boolean {
    return this.#open.length > 0
  }

  /** Takes the next candidate. */
  offer(candidate: Candidate): void {
    this.#judgeAll([candidate])
  }

  /** Tells that there is no further candidate before `position`. */
  advance(position: number): void {
    while (this.#open.length > 0) {
      const [front] = this.#open
      const limit = front.at + limitOf(front)
      if (position <= limit) return
      this.#settle(front, limit, true)
      this.#judgeAll(this.#open.splice(0))
    }
    this.#noise(position, false)
  }

  /** No more bytes will come: what is whole goes out, the rest is discarded. */
  finish(end: number): void {
    this.advance(end)
    this.#finishing = true
    while (this.#open.length > 0) {
      this.#settle(this.#open[0], end, true)
      this.#judgeAll(this.#open.splice(0))
    }
    this.#noise(end, false)
  }

  /** Judges in order; a verdict on the first open one puts the other open ones up for judgement again. */
  #judgeAll(candidates: Candidate[]): void {
    let work = candidates
    for (let index = 0; index < work.length; index++) {
      if (this.#judge(work[index])) continue
      work = [...this.#open.splice(0), ...work.slice(index)]
      index = -1
    }
  }

  /** Whether the candidate found its place; false when a verdict on the first open one came first. */
  #judge(candidate: Candidate): boolean {
    const [front] = this.#open
    if (candidate.at < this.#decided) return true
    if (front === undefined) {
      this.#noise(candidate.at, false)
      this.#start(candidate)
      return true
    }
    if (candidate.at > front.at + limitOf(front)) {
      this.#settle(front, front.at + limitOf(front), true)
      return false
    }
    if (front.key === candidate.key && this.#ends(front, candidate)) {
      this.#frame(front, candidate.at)
      this.#open = []
      this.#start(candidate)
      return true
    }
    const proven = this.#open.some(
      (other) => other !== front && other.key === candidate.key && follows(other, candidate),
    )
    if (proven && this.#settle(front, candidate.at, false)) return false
    if (this.#open.length >= MAX_OPEN) {
      this.#settle(front, candidate.at, true)
      return false
    }
    this.#open.push(candidate)
    return true
  }

  /** Everything before the candidate is decided. */
  #start(candidate: Candidate): void {
    if (candidate.head === undefined) {
      this.#open.push(candidate)
      return
    }
    this.#sink.onHead(candidate)
    this.#decided = candidate.at + candidate.head.sizeBytes
  }

  /** Whether the frame ends here, given that its CRC-16 agrees. Out of credit that has to do. */
  #ends(front: Candidate, candidate: Candidate): boolean {
    if (follows(front, candidate)) return true
    const size = candidate.at - front.at
    const walked = this.#walk(front, candidate.at)
    return walked === undefined || walked === size
  }

  /**
   * A verdict on the first open candidate from the bytes before `end`; with `final` there will be one.
   * @returns whether there was one: it is no longer open
   */
  #settle(front: Candidate, end: number, final: boolean): boolean {
    const size = this.#walk(front, end) ?? 0
    const whole = size > 0 && crc16(this.#view(front.at, front.at + size)) === 0
    if (whole) this.#frame(front, front.at + size)
    else if (size === 0 && !final) return false
    this.#open.shift()
    if (whole) this.#open = this.#open.filter(({ at }) => at >= this.#decided)
    else this.#noise(this.#open[0]?.at ?? end, this.#finishing && size === 0)
    return true
  }

  /** What its codes say; undefined when the credit is used up. */
  #walk(front: Candidate, end: number): number | undefined {
    const bitsPerSample = front.frame?.bitsPerSample || front.known?.bitsPerSample
    if (!front.frame || !bitsPerSample) return undefined
    const size = end - front.at
    if (this.#walkedBytes + size > WALK_CREDIT_BYTES + WALKS_PER_BYTE * end) return undefined
    this.#walkedBytes += size
    return sharedFlacDecoder().measure(this.#view(front.at, end), front.frame, bitsPerSample)
  }

  #frame(front: Candidate, end: number): void {
    this.#sink.onFrame(front, end)
    this.#decided = end
  }

  #noise(end: number, cut: boolean): void {
    if (end <= this.#decided) return
    this.#sink.onNoise(this.#decided, end, cut)
    this.#decided = end
  }
}

/** Whether `next` carries the number that the frame of `candidate` asks for; a head asks for none. */
function follows(candidate: Candidate, next: Candidate): boolean {
  const { frame } = candidate
  if (!frame || !next.frame || next.frame.variableBlockSize !== frame.variableBlockSize) return false
  return next.frame.number === nextFlacNumber(frame)
}

/** The most bytes that its frame can reasonably take: twice its samples uncompressed, the side channel's extra bit included. */
function limitOf({ frame, known }: Candidate): number {
  if (!frame) return 0
  const bits = (frame.bitsPerSample || known?.bitsPerSample || 32) + 1
  const verbatimBytes = Math.ceil((frame.blockSize * frame.channels * bits) / 8)
  return Math.max(2 * verbatimBytes + 1024, Math.min(known?.maxFrameBytes ?? 0, MAX_FRAME_BYTES))
}
