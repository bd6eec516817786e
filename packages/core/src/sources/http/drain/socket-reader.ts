import type { Socket } from 'node:net'

import type { MonotonicMs } from '../../../model.js'
import type { Clock } from '../../../time/clock.js'
import type { LowWater } from './low-water.js'
import { LowWaterRest } from './low-water-rest.js'
import { PausedRest } from './paused-rest.js'
import { readRoom, StreamSlab } from './read-room.js'
import type { Rest } from './rest.js'
import { TICK_MS } from './tick.js'

/** So long after the head of a live body all is read as it comes: the burst tells the time of the first sample. */
const PROMPT_MS = 5000

/** What a {@link SocketReader} needs. */
export interface SocketReaderOptions {
  /** Stamps arrivals and drives the tick. */
  readonly clock: Clock
  /** TLS gives one record at a time. */
  readonly secure: boolean
  /** Host and port. */
  readonly peer: string
  /** Where the kernel lets itself be asked to wait. */
  readonly lowWater?: LowWater
  /** Takes what was read. */
  readonly onBytes: (bytes: Uint8Array, arrivedAtMs: MonotonicMs) => void
}

/**
 * Reads one socket: at once as long as nobody has said that it may wait, later all that has arrived whenever the tick of the
 * process comes to it. What arrives between two ticks lies in the kernel.
 */
export class SocketReader {
  /** For `connect` of net and tls. */
  readonly onread: { readonly buffer: Uint8Array; readonly callback: (bytes: number) => boolean }
  readonly #options: SocketReaderOptions
  readonly #slab = new StreamSlab()
  #socket: Socket | undefined
  /** Nobody takes what comes. */
  #held = false
  /** How long a live body may wait. */
  #mostMs = TICK_MS
  #relaxedAtMs: MonotonicMs | undefined
  /** Since it may wait. */
  #rest: Rest | undefined

  constructor(options: SocketReaderOptions) {
    this.#options = options
    this.onread = { buffer: readRoom, callback: (bytes) => this.#take(bytes) }
  }

  /** The socket that was opened with `onread`. */
  attach(socket: Socket): void {
    this.#socket = socket
  }

  /** What comes from now on is a live body: it may wait for the tick. */
  relax(): void {
    if (this.#relaxedAtMs !== undefined || !this.#socket) return
    const { clock, lowWater, peer } = this.#options
    this.#relaxedAtMs = clock.monotonicMs()
    this.#rest =
      (lowWater && LowWaterRest.open({ clock, lowWater, socket: this.#socket })) ??
      new PausedRest({ clock, peer, resume: () => this.#resume() })
  }

  /** How long what comes may wait, in milliseconds; less than a tick: somebody waits for every byte, which is read at once. */
  mayWait(mostMs: number): void {
    this.#mostMs = mostMs
    if (mostMs < TICK_MS) this.#rest?.drain()
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

  /** The connection has ended: gives what was gathered. @param here - whether it was we who closed it */
  end(here: boolean): void {
    this.#give()
    this.#rest?.end(here || !this.#socket)
    this.#socket = undefined
  }

  #resume(): void {
    if (!this.#held) this.#socket?.resume()
  }

  /** @returns whether to read on */
  #take(length: number): boolean {
    if (this.#options.secure && this.#relaxedAtMs !== undefined) return this.#gather(length)
    const nowMs = this.#options.clock.monotonicMs()
    this.#slab.add(length)
    this.#options.onBytes(this.#slab.take(), nowMs)
    // whoever took it may have closed it
    if (this.#held || !this.#socket) return false
    // more is there than the room takes
    if (length === readRoom.length) return true
    return this.#goesOn(length, nowMs)
  }

  /** TLS gives record by record what one turn of the loop reads: they go on as one. */
  #gather(length: number): boolean {
    if (this.#slab.isEmpty) setImmediate(() => this.#endTurn())
    const before = this.#slab.add(length)
    if (before) this.#options.onBytes(before, this.#options.clock.monotonicMs())
    return true
  }

  #endTurn(): void {
    const length = this.#give()
    if (this.#socket && (this.#held || !this.#goesOn(length, this.#options.clock.monotonicMs()))) this.#socket.pause()
  }

  /** Gives what was gathered. @returns how many bytes */
  #give(): number {
    if (this.#slab.isEmpty) return 0
    const bytes = this.#slab.take()
    this.#options.onBytes(bytes, this.#options.clock.monotonicMs())
    return bytes.length
  }

  /** After a read: whether the next one follows at once. */
  #goesOn(length: number, nowMs: MonotonicMs): boolean {
    if (!this.#rest) return true
    const isPrompt = this.#mostMs < TICK_MS || nowMs - (this.#relaxedAtMs ?? nowMs) < PROMPT_MS
    if (!isPrompt) return this.#rest.after(length, nowMs, this.#mostMs)
    this.#rest.stayAwake(length, nowMs)
    return true
  }
}
