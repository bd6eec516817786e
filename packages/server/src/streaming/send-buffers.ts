import type { Clock } from '@isr/core'

/** For everybody: a thousand clients that are slow hold little. */
const SMALL_BYTES = 64 * 1024
/** For who is fast: each turn of the loop costs the same, whatever it carries. */
const LARGE_BYTES = 2 * 1024 * 1024
/** So much of small buffers is timed: more than the 4 MB that the system takes for a client that does not read. */
const TRIAL_BYTES = 8 * 1024 * 1024
/** Who takes the trial within this time is fast: 10 MB/s. */
const FAST_MS = 800
/** Who is that slow with a large buffer gets small ones again. */
const SLOW_MS = 500
/** Of all clients together. */
const MAX_LARGE = 16
/** Bytes of each kind that wait for the next sender. */
const MAX_SPARE_BYTES = 8 * 1024 * 1024

const spareSmall: Uint8Array[] = []
const spareLarge: Uint8Array[] = []
let largeInUse = 0

/** The two buffers of a sender: small ones at first, large ones while the client takes them fast and there are enough. */
export class SendBuffers {
  readonly #clock: Clock
  readonly #held: (Uint8Array | undefined)[] = [undefined, undefined]
  #isFast = false
  #sinceMs: number
  #bytes = 0

  /** @param clock - tells how fast the client is */
  constructor(clock: Clock) {
    this.#clock = clock
    this.#sinceMs = clock.monotonicMs()
  }

  /** The buffer to read into; what was in it has left. @param turn - 0 or 1 */
  next(turn: number): Uint8Array {
    this.#time()
    const held = this.#held[turn]
    const large = this.#isFast && (held?.length === LARGE_BYTES || largeInUse < MAX_LARGE)
    const wanted = large ? LARGE_BYTES : SMALL_BYTES
    const buffer = held?.length === wanted ? held : take(wanted)
    if (held && held !== buffer) give(held, true)
    this.#held[turn] = buffer
    this.#bytes += buffer.length
    return buffer
  }

  /** Gives them back. @param reusable - false when a socket may still hold them */
  release(reusable: boolean): void {
    for (const buffer of this.#held) if (buffer) give(buffer, reusable)
    this.#held.fill(undefined)
  }

  #time(): void {
    const now = this.#clock.monotonicMs()
    if (this.#isFast ? now - this.#sinceMs > SLOW_MS : this.#bytes >= TRIAL_BYTES) {
      this.#isFast = !this.#isFast && now - this.#sinceMs < FAST_MS
      this.#bytes = 0
      this.#sinceMs = now
    }
    // with large buffers each turn is timed by itself
    if (this.#isFast) this.#sinceMs = now
  }
}

function take(bytes: number): Uint8Array {
  if (bytes === LARGE_BYTES) largeInUse++
  return (bytes === LARGE_BYTES ? spareLarge : spareSmall).pop() ?? Buffer.allocUnsafeSlow(bytes)
}

function give(buffer: Uint8Array, reusable: boolean): void {
  const large = buffer.length === LARGE_BYTES
  if (large) largeInUse--
  const spare = large ? spareLarge : spareSmall
  if (reusable && spare.length * buffer.length < MAX_SPARE_BYTES) spare.push(buffer)
}
