import type { FrameSpan } from '../../formats/frame-span.js'
import type { FrameMarks } from './frame-marks.js'

/** How the start of a connection may lie over the end of what we have. */
export interface Overlap {
  /** How many frames at the start of the connection are behind us; undefined when all so far are, and more are to come. */
  readonly frames?: number
  /** From the first frame of the connection to our end, in seconds. */
  readonly seconds: number
  /** Length of what both sides have, to our end, in seconds. */
  readonly sharedSeconds: number
  /** Whether a frame is among those that came which there is only once on both sides: then they fit nowhere else. */
  readonly isUnique: boolean
}

/**
 * Lays the first frames of a connection over the last ones that we have. They fit where every frame that both sides have is the same,
 * to the very end of ours; of the start of the connection nothing may be left over but what is older than all that we remember.
 */
export class Alignment {
  readonly #ours: FrameMarks
  readonly #theirs: FrameMarks
  /** Where in ours their first frame may be, negative when it is older than ours: not refuted, and not at the end yet. */
  #starts: number[] = []
  readonly #ends: { readonly start: number; readonly frames: number }[] = []
  readonly #ourCounts = new Map<number, number>()
  readonly #theirCounts = new Map<number, number>()
  #refuted = false

  /**
   * @param ours - what we have; not added to until a decision
   * @param theirs - empty; takes what comes
   */
  constructor(ours: FrameMarks, theirs: FrameMarks) {
    this.#ours = ours
    this.#theirs = theirs
    for (let frame = 0; frame < ours.length; frame++) count(this.#ourCounts, ours.key(frame))
  }

  /** Takes the next frames of the connection. */
  add(span: FrameSpan): void {
    const before = this.#theirs.length
    this.#theirs.add(span)
    // nobody can recognise these: what came before them proves nothing any more
    this.#refuted ||= this.#theirs.length < before + span.frames
    if (this.#refuted) return
    for (let frame = before; frame < this.#theirs.length; frame++) this.#compare(frame)
  }

  /** All ways in which they fit; those that have not come to our end first. */
  get overlaps(): Overlap[] {
    if (this.#refuted) return []
    const came = this.#theirs.length
    return [
      ...this.#starts.map((start) => this.#overlap(start, came)),
      ...this.#ends.map(({ start, frames }) => ({ ...this.#overlap(start, frames), frames })),
    ]
  }

  #compare(frame: number): void {
    const ours = this.#ours
    const theirs = this.#theirs
    count(this.#theirCounts, theirs.key(frame))
    this.#starts = this.#starts.filter((start) => ours.same(start + frame, theirs, frame))
    if (frame === 0) {
      for (let start = 0; start < ours.length; start++) if (ours.same(start, theirs, 0)) this.#starts.push(start)
    } else if (ours.length > 0 && ours.same(0, theirs, frame)) this.#starts.push(-frame)
    const last = ours.length - 1 - frame
    if (!this.#starts.includes(last)) return
    this.#starts = this.#starts.filter((start) => start !== last)
    this.#ends.push({ start: last, frames: frame + 1 })
  }

  #overlap(start: number, frames: number): Overlap {
    const sharedSeconds = this.#ours.secondsBetween(Math.max(0, start), this.#ours.length)
    const olderSeconds = this.#theirs.secondsBetween(0, Math.max(0, -start))
    return { seconds: olderSeconds + sharedSeconds, sharedSeconds, isUnique: this.#isUnique(start, frames) }
  }

  #isUnique(start: number, frames: number): boolean {
    for (let frame = Math.max(0, -start); frame < frames; frame++) {
      const key = this.#theirs.key(frame)
      if (this.#ourCounts.get(key) === 1 && this.#theirCounts.get(key) === 1) return true
    }
    return false
  }
}

function count(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
