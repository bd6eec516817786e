import type { EpochMs, MonotonicMs } from '../model.js'

/** The clocks of a machine. */
export interface MachineClocks {
  /** Runs while the machine is awake, in milliseconds. */
  readonly awakeMs: () => number
  /** Time since the machine was started, sleep included, in milliseconds. Costs a system call, and is only looked at when needed. */
  readonly uptimeMs: () => number
  /** May be set at any moment. */
  readonly wallMs: () => EpochMs
}

/** The wall clock goes on while the machine sleeps: a difference above this is worth a look. In milliseconds. */
const SUSPICIOUS_MS = 1000

/**
 * A monotonic clock that goes on while the machine sleeps, which Linux's own does not: otherwise an hour with a closed lid would look as if the
 * wall clock had been set forward, and would be hidden inside a recording.
 */
export class SteadyClock {
  readonly #clocks: MachineClocks
  #asleepMs = 0
  #wallAheadMs: number
  #uptimeAheadMs: number

  constructor(clocks: MachineClocks) {
    this.#clocks = clocks
    const awakeMs = clocks.awakeMs()
    this.#wallAheadMs = clocks.wallMs() - awakeMs
    this.#uptimeAheadMs = clocks.uptimeMs() - awakeMs
  }

  /** Now. Never goes back. */
  now(): MonotonicMs {
    const { awakeMs, wallMs } = this.#clocks
    const awake = awakeMs()
    if (Math.abs(wallMs() - awake - this.#wallAheadMs) > SUSPICIOUS_MS) this.#look(awake)
    return awake + this.#asleepMs
  }

  /** The wall clock was set, or the machine has slept: only then the time since its start has run away, too. */
  #look(awakeMs: number): void {
    const { uptimeMs, wallMs } = this.#clocks
    this.#wallAheadMs = wallMs() - awakeMs
    const sleptMs = uptimeMs() - awakeMs - this.#uptimeAheadMs
    if (sleptMs <= SUSPICIOUS_MS / 2) return
    this.#uptimeAheadMs += sleptMs
    this.#asleepMs += sleptMs
  }
}
