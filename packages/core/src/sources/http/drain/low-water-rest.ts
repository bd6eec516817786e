import type { Socket } from 'node:net'

import type { MonotonicMs } from '../../../model.js'
import type { Clock } from '../../../time/clock.js'
import type { LowWater } from './low-water.js'
import { PROBE_MS } from './rest.js'
import type { Rest } from './rest.js'
import { Tick } from './tick.js'
import type { Sleeper } from './tick.js'

/** Whatever arrives wakes up. */
const ANY = 1

/** So much wakes up before the tick: what comes faster than this in a tick is read as often as so much is there. */
const MUCH = 128 * 1024

/** What a {@link LowWaterRest} needs. */
interface LowWaterRestOptions {
  /** Drives the tick. */
  readonly clock: Clock
  /** The door to the kernel. */
  readonly lowWater: LowWater
  /** Whose mark it is; connected. */
  readonly socket: Socket
}

/**
 * Between two ticks the socket stays open to reads, but the kernel wakes nobody up for less than 128 KB: only for an end, a reset or
 * a buffer that is full. The tick lowers the mark for one turn of the loop.
 */
export class LowWaterRest implements Rest, Sleeper {
  readonly #options: LowWaterRestOptions
  /** That it waits for. */
  #tick?: Tick
  #mark = ANY
  /** The mark stays low until something comes. */
  #awaits = false
  #awaitedMs: MonotonicMs
  #mayWait = false

  private constructor(options: LowWaterRestOptions) {
    this.#options = options
    this.#awaitedMs = options.clock.monotonicMs()
  }

  /** `undefined` when the kernel does not take a mark for this socket. */
  static open(options: LowWaterRestOptions): LowWaterRest | undefined {
    return options.lowWater.set(options.socket, ANY) ? new LowWaterRest(options) : undefined
  }

  after(_bytes: number, nowMs: MonotonicMs, mostMs: number): boolean {
    this.#mayWait = true
    this.#join(Tick.of(this.#options.clock, mostMs))
    if (this.#awaits) {
      this.#awaits = false
    } else if (nowMs - this.#awaitedMs >= PROBE_MS) {
      this.#awaitedMs = nowMs
      this.#awaits = true
    }
    this.#set(this.#awaits ? ANY : MUCH)
    return true
  }

  stayAwake(): void {
    this.#mayWait = false
    this.#set(ANY)
  }

  drain(): void {
    this.stayAwake()
  }

  onTick(): void {
    this.#set(ANY)
  }

  afterTick(): void {
    if (this.#mayWait && !this.#awaits) this.#set(MUCH)
  }

  end(): void {
    this.#tick?.leave(this)
  }

  #join(tick: Tick): void {
    if (tick !== this.#tick) this.#tick?.leave(this)
    this.#tick = tick
    tick.join(this)
  }

  #set(mark: number): void {
    if (mark !== this.#mark && this.#options.lowWater.set(this.#options.socket, mark)) this.#mark = mark
  }
}
