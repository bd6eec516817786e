import type { Socket } from 'node:net'

import { adjoining } from '../../../bytes/slab.js'
import type { MonotonicMs } from '../../../model.js'
import type { Clock } from '../../../time/clock.js'
import { DrainSchedule } from './drain-schedule.js'
import type { Drainable } from './drain-schedule.js'
import { Pace } from './pace.js'
import { readRoom, StreamSlab } from './read-room.js'

/** So long after the head of a live body all is read as it comes: the burst tells the time of the first sample. */
const PROMPT_MS = 5000

/** As often an arrival is awaited instead of found, so that the true moment of it is known. */
const PROBE_MS = 20_000

/** What a {@link SocketReader} needs. */
export interface SocketReaderOptions {
  /** Stamps arrivals and drives the tick. */
  readonly clock: Clock
  /** TLS gives one record at a time. */
  readonly secure: boolean
  /** Host and port. */
  readonly peer: string
  /** Takes what was read. */
  readonly onBytes: (bytes: Uint8Array, arrivedAtMs: MonotonicMs) => void
}

/**
 * Reads one socket: at once as long as nobody has said that it may wait, later all that has arrived whenever the tick of the
 * process comes to it. Between two ticks the socket is paused, and what arrives lies in the kernel.
 */
export class SocketReader implements Drainable {
  readonly peer: string
  /** For `connect` of net and tls. */
  readonly onread: { readonly buffer: Uint8Array; readonly callback: (bytes: number) => boolean }
  readonly #options: SocketReaderOptions
  readonly #schedule: DrainSchedule
  readonly #pace: Pace
  readonly #slab = new StreamSlab()
  #socket: Socket | undefined
  /** Nobody takes what comes. */
  #held = false
  #urgent = false
  #relaxedAtMs: MonotonicMs | undefined
  /** When an arrival was last awaited. */
  #awaitedMs: MonotonicMs = 0
  /** TLS: what came in this turn. */
  #gathered: Uint8Array | undefined

  constructor(options: SocketReaderOptions) {
    this.peer = options.peer
    this.#options = options
    this.#schedule = DrainSchedule.of(options.clock)
    this.#pace = new Pace(options.clock.monotonicMs())
    this.onread = { buffer: readRoom, callback: (bytes) => this.#take(bytes) }
  }

  /** The socket that was opened with `onread`. */
  attach(socket: Socket): void {
    this.#socket = socket
  }

  /** What comes from now on is a live body: it may wait for the tick. */
  relax(): void {
    this.#relaxedAtMs ??= this.#options.clock.monotonicMs()
  }

  /** Whether somebody waits for every byte, so that what comes is read at once. */
  get urgent(): boolean {
    return this.#urgent
  }

  set urgent(urgent: boolean) {
    this.#urgent = urgent
    if (urgent) this.drain()
  }

  /** Reads no more until `release`. */
  hold(): void {
    this.#held = true
  }

  /** Reads again. */
  release(): void {
    this.#held = false
    this.#socket?.resume()
  }

  /** Reads what has arrived; where nothing has, what comes next. */
  drain(): void {
    if (!this.#held) this.#socket?.resume()
  }

  /** The connection has ended: gives what was gathered. @param here - whether it was we who closed it */
  end(here: boolean): void {
    this.#give()
    const wasRelaxed = this.#socket !== undefined && this.#relaxedAtMs !== undefined
    this.#socket = undefined
    this.#schedule.leave(this)
    if (wasRelaxed && !here) this.#schedule.hurry(this.peer)
  }

  /** @returns whether to read on */
  #take(length: number): boolean {
    const nowMs = this.#options.clock.monotonicMs()
    const bytes = this.#slab.keep(readRoom.subarray(0, length))
    if (this.#options.secure && this.#relaxedAtMs !== undefined) return this.#gather(bytes)
    this.#options.onBytes(bytes, nowMs)
    if (this.#held) return false
    // more is there than the room takes
    if (length === readRoom.length) return true
    return this.#goesOn(length, nowMs)
  }

  /** TLS gives record by record what one turn of the loop reads: they go on as one. */
  #gather(bytes: Uint8Array): boolean {
    const before = this.#gathered
    const both = before && adjoining([before, bytes])
    if (before && !both) this.#give()
    if (!before) setImmediate(() => this.#endTurn())
    this.#gathered = both ?? bytes
    return true
  }

  #endTurn(): void {
    const length = this.#give()
    if (this.#socket && (this.#held || !this.#goesOn(length, this.#options.clock.monotonicMs()))) this.#socket.pause()
  }

  /** @returns how many bytes had been gathered */
  #give(): number {
    const bytes = this.#gathered
    this.#gathered = undefined
    if (bytes) this.#options.onBytes(bytes, this.#options.clock.monotonicMs())
    return bytes?.length ?? 0
  }

  /** After a read: whether the next one follows at once. Otherwise it is planned. */
  #goesOn(length: number, nowMs: MonotonicMs): boolean {
    const isLittle = this.#pace.count(length, nowMs)
    if (this.#urgent || this.#relaxedAtMs === undefined || nowMs - this.#relaxedAtMs < PROMPT_MS) return true
    this.#schedule.join(this)
    const intervalMs = this.#pace.intervalMs(this.#schedule.tickMs)
    if (intervalMs === 0) return true
    if (isLittle || nowMs - this.#awaitedMs >= PROBE_MS) {
      // In the next turn: a reset that follows the bytes would be taken for an end in this one.
      this.#awaitedMs = nowMs
      setImmediate(() => this.drain())
      return false
    }
    this.#schedule.plan(this, intervalMs)
    return false
  }
}
