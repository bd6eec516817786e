import type { MonotonicMs } from '../../../model.js'
import type { Clock, Timer } from '../../../time/clock.js'
import { tickMs } from './pace.js'

/** Sockets that are read in one wake-up: more would hold up everything else for too long. */
const SLICE_SOCKETS = 100

/** What is drained. */
export interface Drainable {
  /** Host and port: what ends one connection to it often ends all. */
  readonly peer: string
  /** Reads what has arrived. */
  drain(): void
}

/** Sockets that are due at the same moment. */
interface Slot {
  readonly waiting: Set<Drainable>
  readonly timer: Timer
}

/**
 * The one tick of a process: wakes up for all its live sockets at once, in slices of a hundred, instead of for each segment that
 * arrives.
 */
export class DrainSchedule {
  static readonly #ofClock = new WeakMap<Clock, DrainSchedule>()
  readonly #clock: Clock
  /** Each socket's slice. */
  readonly #members = new Map<Drainable, number>()
  readonly #slots = new Map<MonotonicMs, Slot>()
  readonly #dueAt = new Map<Drainable, MonotonicMs>()
  #joined = 0

  private constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The schedule of everything that lives on `clock`. */
  static of(clock: Clock): DrainSchedule {
    let schedule = DrainSchedule.#ofClock.get(clock)
    if (!schedule) this.#ofClock.set(clock, (schedule = new DrainSchedule(clock)))
    return schedule
  }

  /** The tick for as many as there are. */
  get tickMs(): number {
    return tickMs(this.#members.size)
  }

  /** Begins to count a socket. */
  join(socket: Drainable): void {
    if (!this.#members.has(socket)) this.#members.set(socket, this.#joined++)
  }

  /** Forgets a socket. */
  leave(socket: Drainable): void {
    this.#members.delete(socket)
    this.#cancel(socket)
  }

  /** Drains the socket once, when its slice is due next; `intervalMs` is the tick or a part of it. */
  plan(socket: Drainable, intervalMs: number): void {
    this.#cancel(socket)
    const slices = Math.ceil(this.#members.size / SLICE_SOCKETS)
    const phaseMs = (((this.#members.get(socket) ?? 0) % slices) * this.tickMs) / slices
    // timers may be early: the slot of just now is over
    const fromMs = this.#clock.monotonicMs() + intervalMs / 4
    const dueMs = Math.round(phaseMs + Math.ceil((fromMs - phaseMs) / intervalMs) * intervalMs)
    this.#dueAt.set(socket, dueMs)
    this.#slotAt(dueMs).waiting.add(socket)
  }

  /** Drains at once all that waits for the same peer: one of its connections has ended. */
  hurry(peer: string): void {
    for (const socket of [...this.#dueAt.keys()]) {
      if (socket.peer !== peer) continue
      this.#cancel(socket)
      socket.drain()
    }
  }

  #slotAt(dueMs: MonotonicMs): Slot {
    let slot = this.#slots.get(dueMs)
    if (!slot) {
      const timer = this.#clock.after(dueMs - this.#clock.monotonicMs(), () => this.#run(dueMs))
      this.#slots.set(dueMs, (slot = { waiting: new Set(), timer }))
    }
    return slot
  }

  #run(dueMs: MonotonicMs): void {
    const slot = this.#slots.get(dueMs)
    this.#slots.delete(dueMs)
    for (const socket of slot?.waiting ?? []) {
      this.#dueAt.delete(socket)
      socket.drain()
    }
  }

  #cancel(socket: Drainable): void {
    const dueMs = this.#dueAt.get(socket)
    if (dueMs === undefined) return
    this.#dueAt.delete(socket)
    const slot = this.#slots.get(dueMs)
    slot?.waiting.delete(socket)
    if (slot?.waiting.size !== 0) return
    slot.timer.cancel()
    this.#slots.delete(dueMs)
  }
}
