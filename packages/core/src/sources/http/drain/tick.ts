import { afterAbout } from '../../../time/about.js'
import type { Clock, Timer } from '../../../time/clock.js'

/** How long what arrives is left in the kernel. Longer saves next to nothing more and delays everything. */
const TICK_MS = 1000

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
 * The one tick of a process: wakes up for all its live sockets at once, in slices of a hundred, instead of for each segment that
 * arrives.
 */
export class Tick {
  static readonly #ofClock = new WeakMap<Clock, Tick>()
  readonly #clock: Clock
  readonly #slices: Slice[] = []
  readonly #sliceOf = new Map<Sleeper, Slice>()

  private constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The tick of everything that lives on `clock`. */
  static of(clock: Clock): Tick {
    let tick = Tick.#ofClock.get(clock)
    if (!tick) Tick.#ofClock.set(clock, (tick = new Tick(clock)))
    return tick
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
    const phaseMs = Math.ceil(((this.#slices.length * GOLDEN_RATIO) % 1) * TICK_MS)
    const slice = { members: new Set<Sleeper>(), phaseMs, timer: { cancel: () => {} } }
    this.#slices.push(slice)
    return slice
  }

  #plan(slice: Slice): void {
    slice.timer = afterAbout(this.#clock, TICK_MS, () => this.#run(slice), slice.phaseMs)
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
