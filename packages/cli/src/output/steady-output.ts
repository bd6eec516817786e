import type { Writable } from 'node:stream'
import type { Clock } from '@isr/core'
import { sleepUnless } from '../session/wait.js'
import type { Output } from './output.js'

/** Text that may wait for a consumer that stands still. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024

/** What is known of the device behind a {@link SteadyOutput}. */
export interface SteadyOutputOptions {
  /** Where the bytes go. Its writes must not block. */
  readonly stream: Writable
  /** Timers. */
  readonly clock: Clock
  /** See {@link Output.isTerminal}. */
  readonly isTerminal: boolean
  /** See {@link Output.hasColors}. */
  readonly hasColors: boolean
  /** Size now; terminals change theirs. */
  readonly size: () => { readonly columns: number; readonly rows: number }
}

/** An output that a stopped terminal, a slow pipe or a reader that went away cannot turn into a stop of the recording. */
export class SteadyOutput implements Output {
  readonly isTerminal: boolean
  readonly hasColors: boolean
  readonly #stream: Writable
  readonly #clock: Clock
  readonly #size: SteadyOutputOptions['size']
  #dropped = 0
  #waiting = 0
  #broken = false
  #idle: (() => void)[] = []

  constructor({ stream, clock, isTerminal, hasColors, size }: SteadyOutputOptions) {
    this.isTerminal = isTerminal
    this.hasColors = hasColors
    this.#stream = stream
    this.#clock = clock
    this.#size = size
    // A reader that went away (EPIPE) or a terminal that was closed (EIO): nobody reads, recording goes on.
    stream.on('error', () => {
      this.#broken = true
      this.#settle()
    })
  }

  get columns(): number {
    return this.#size().columns
  }

  get rows(): number {
    return this.#size().rows
  }

  get busy(): boolean {
    return this.#waiting > 0 && !this.#broken
  }

  write(text: string): void {
    if (this.#broken || text === '') return
    if (this.#stream.writableLength > MAX_WAITING_BYTES) {
      this.#dropped++
      return
    }
    this.#waiting++
    this.#stream.write(text, () => {
      this.#waiting--
      if (this.#waiting === 0) this.#settle()
    })
  }

  takeDropped(): number {
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }

  async drain(timeoutMs: number): Promise<void> {
    if (!this.busy) return
    await sleepUnless(this.#clock, timeoutMs, new Promise((resolve) => this.#idle.push(() => resolve(undefined))))
  }

  #settle(): void {
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}
