import { concatBytes } from '../../bytes/concat.js'
import type { MonotonicMs } from '../../model.js'
import { sleep, type Clock } from '../../time/clock.js'
import type { NumberedStream } from '../numbered/numbered-stream.js'

/** A station has been on air for this long when it starts: a burst has a past to come from. */
const PAST_SECONDS = 600

/** How a {@link Broadcast} runs. */
export interface BroadcastOptions {
  /** What is on air. */
  readonly stream: NumberedStream
  /** Seconds of audio per second of the clock. */
  readonly speed: number
  /** How often new audio goes out, in milliseconds. */
  readonly everyMs: number
  /** Time and timers. */
  readonly clock: Clock
}

/** What is on air: one timeline for all listeners. */
export class Broadcast {
  /** What is on air. */
  readonly stream: NumberedStream
  readonly #options: BroadcastOptions
  readonly #startedAtMs: MonotonicMs
  #tick: Promise<void> | undefined
  /** The units that went out last: a hundred listeners get the same ones. */
  #latest: { from: number; to: number; bytes: Uint8Array } = { from: 0, to: 0, bytes: new Uint8Array(0) }

  /** Made by the station. */
  constructor(options: BroadcastOptions) {
    this.stream = options.stream
    this.#options = options
    this.#startedAtMs = options.clock.monotonicMs()
  }

  /** Number of the first unit that has not been on air yet. */
  get nextUnit(): number {
    const { clock, speed } = this.#options
    const elapsedSeconds = ((clock.monotonicMs() - this.#startedAtMs) / 1000) * speed
    return Math.floor((PAST_SECONDS + elapsedSeconds) / this.stream.unitSeconds + 1e-9)
  }

  /** The unit with which a listener begins that gets so many seconds of the past. */
  firstUnit(burstSeconds: number): number {
    return Math.max(0, this.nextUnit - Math.ceil(burstSeconds / this.stream.unitSeconds))
  }

  /** Units `from` to `to`, the last not included. */
  units(from: number, to: number): Uint8Array {
    const latest = this.#latest
    if (latest.from === from && latest.to === to) return latest.bytes
    const bytes = concatBytes(
      Array.from({ length: Math.max(0, to - from) }, (_, index) => this.stream.unit(from + index)),
    )
    this.#latest = { from, to, bytes }
    return bytes
  }

  /** Resolves when it is time to send again, for everybody at once. */
  tick(): Promise<void> {
    const { clock, everyMs } = this.#options
    this.#tick ??= sleep(clock, everyMs).then(() => {
      this.#tick = undefined
    })
    return this.#tick
  }
}
