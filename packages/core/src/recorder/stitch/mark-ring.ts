const INTS_PER_MARK = 2
const FIRST_CAPACITY = 256
/** A row of thirty seconds goes on at the same size for months: what is too much is too much all the time. */
const GROWTH = 1.25

/** A row of frames that is added to at its end and dropped from at its start: of each two numbers that identify it, and its length. */
export class MarkRing {
  #marks = new Int32Array(FIRST_CAPACITY * INTS_PER_MARK)
  /** Of each frame; undefined while all are equally long. */
  #lengths?: Int32Array<ArrayBuffer>
  #evenMicroseconds = 0
  #capacity = FIRST_CAPACITY
  #first = 0
  #length = 0
  #microseconds = 0

  /** How many frames there are. */
  get length(): number {
    return this.#length
  }

  /** Length of all of them. */
  get microseconds(): number {
    return this.#microseconds
  }

  /**
   * Adds frames at the end.
   * @param marks - two numbers for each
   * @param microseconds - how long each is, or all are
   */
  add(marks: Int32Array, microseconds: Int32Array | number): void {
    const count = marks.length / INTS_PER_MARK
    if (this.#length + count > this.#capacity) this.#grow(this.#length + count)
    const at = this.#at(this.#length)
    const fitting = Math.min(count, this.#capacity - at)
    this.#marks.set(marks.subarray(0, fitting * INTS_PER_MARK), at * INTS_PER_MARK)
    if (fitting < count) this.#marks.set(marks.subarray(fitting * INTS_PER_MARK), 0)
    if (typeof microseconds === 'number') this.#addEven(count, microseconds)
    else this.#addUneven(count, microseconds)
    this.#length += count
  }

  /** Drops the oldest frames until no more than `mostMicroseconds` are left, or `least` frames. */
  dropTo(mostMicroseconds: number, least: number): void {
    const over = this.#microseconds - mostMicroseconds
    if (over <= 0) return
    if (!this.#lengths) return this.#drop(Math.min(this.#length - least, Math.ceil(over / this.#evenMicroseconds)))
    while (this.#microseconds > mostMicroseconds && this.#length > least) this.#drop(1)
  }

  /** Drops the oldest frame, if there is one. */
  dropFirst(): void {
    this.#drop(Math.min(1, this.#length))
  }

  /** Drops all. */
  clear(): void {
    this.#lengths = undefined
    this.#first = 0
    this.#length = 0
    this.#microseconds = 0
  }

  /** One of the two numbers of a frame. */
  mark(frame: number, which: 0 | 1): number {
    return this.#marks[this.#at(frame) * INTS_PER_MARK + which]
  }

  /** Length of the frames `from` <= frame < `to`. */
  microsecondsBetween(from: number, to: number): number {
    if (!this.#lengths) return Math.max(0, to - from) * this.#evenMicroseconds
    let microseconds = 0
    for (let frame = from; frame < to; frame++) microseconds += this.#lengths[this.#at(frame)]
    return microseconds
  }

  #addEven(count: number, microseconds: number): void {
    if (this.#length === 0) {
      this.#lengths = undefined
      this.#evenMicroseconds = microseconds
    }
    if (this.#lengths || microseconds !== this.#evenMicroseconds)
      return this.#addUneven(count, new Int32Array(count).fill(microseconds))
    this.#microseconds += count * microseconds
  }

  #addUneven(count: number, microseconds: Int32Array): void {
    this.#lengths ??= new Int32Array(this.#capacity).fill(this.#evenMicroseconds)
    for (let frame = 0; frame < count; frame++) {
      this.#lengths[this.#at(this.#length + frame)] = microseconds[frame]
      this.#microseconds += microseconds[frame]
    }
  }

  #drop(count: number): void {
    if (count <= 0) return
    this.#microseconds -= this.microsecondsBetween(0, count)
    this.#first = this.#at(count)
    this.#length -= count
  }

  /** Place of a frame in the ring. */
  #at(frame: number): number {
    const at = this.#first + frame
    return at < this.#capacity ? at : at - this.#capacity
  }

  #grow(wanted: number): void {
    const capacity = Math.ceil(Math.max(wanted, this.#capacity * GROWTH))
    this.#marks = this.#moved(this.#marks, INTS_PER_MARK, capacity)
    if (this.#lengths) this.#lengths = this.#moved(this.#lengths, 1, capacity)
    this.#capacity = capacity
    this.#first = 0
  }

  /** A ring of more room, whose first frame is at its start. */
  #moved(ring: Int32Array, intsPerFrame: number, capacity: number): Int32Array<ArrayBuffer> {
    const moved = new Int32Array(capacity * intsPerFrame)
    const start = this.#first * intsPerFrame
    moved.set(ring.subarray(start))
    moved.set(ring.subarray(0, start), ring.length - start)
    return moved
  }
}
