import { afterAbout } from '../../../time/about.js'
import type { Clock, Timer } from '../../../time/clock.js'

/** How long what arrives is left in the kernel. */
export const TICK_MS = 1000

/** How long it is where that does not matter: four wake-ups cost two to three times as much as one that does the same work. */
const LONG_TICK_MS = 4000

/** Sockets that are read in one wake-up: more would hold up everything else for too long. */
const SLICE_SOCKETS = 100

/** Spreads any number of slices evenly over the tick, whichever come and go. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2

/** What sleeps between ticks. */
export interface Sleeper {
  /** Opens, so that what has arrived is taken in this turn of the loop. */
  onTick(): void
  /** The turn is over. */
  afterTick(): void
}

/** Up to a hundred that are woken up together. */
interface Slice {
  readonly members: Set<Sleeper>
  readonly phaseMs: number
  timer: Timer
}

/**
 * The tick of a process: wakes up for all its live sockets at once, in slices of a hundred, instead of for each segment that
 * arrives. There are two, a short one and a long one.
 */
export class Tick {
  static readonly #ofClock = new WeakMap<Clock, { readonly short: Tick; readonly long: Tick }>()
  readonly #clock: Clock
  readonly #tickMs: number
  readonly #slices: Slice[] = []
  readonly #sliceOf = new Map<Sleeper, Slice>()

  private constructor(clock: Clock, tickMs: number) {
    this.#clock = clock
    this.#tickMs = tickMs
  }

  /** The tick of everything that lives on `clock` and may wait for so long. */
  static of(clock: Clock, mostMs: number): Tick {
    let ticks = Tick.#ofClock.get(clock)
    if (!ticks) {
      ticks = { short: new Tick(clock, TICK_MS), long: new Tick(clock, LONG_TICK_MS) }
      Tick.#ofClock.set(clock, ticks)
    }
    return mostMs >= LONG_TICK_MS ? ticks.long : ticks.short
  }

  /** Wakes it up from now on. */
  join(sleeper: Sleeper): void {
    if (this.#sliceOf.has(sleeper)) return
    const slice = this.#slices.find(({ members }) => members.size < SLICE_SOCKETS) ?? this.#begin()
    if (slice.members.size === 0) this.#plan(slice)
    slice.members.add(sleeper)
    this.#sliceOf.set(sleeper, slice)
  }

  /** Forgets it. */
  leave(sleeper: Sleeper): void {
    const slice = this.#sliceOf.get(sleeper)
    if (!slice) return
    this.#sliceOf.delete(sleeper)
    slice.members.delete(sleeper)
    if (slice.members.size === 0) slice.timer.cancel()
  }

  #begin(): Slice {
    const phaseMs = Math.ceil(((this.#slices.length * GOLDEN_RATIO) % 1) * this.#tickMs)
    const slice = { members: new Set<Sleeper>(), phaseMs, timer: { cancel: () => {} } }
    this.#slices.push(slice)
    return slice
  }

  #plan(slice: Slice): void {
    slice.timer = afterAbout(this.#clock, this.#tickMs, () => this.#run(slice), slice.phaseMs)
  }

  #run(slice: Slice): void {
    this.#plan(slice)
    for (const sleeper of slice.members) sleeper.onTick()
    // what has arrived is read between timers and immediates
    setImmediate(() => {
      for (const sleeper of slice.members) sleeper.afterTick()
    })
  }
}
