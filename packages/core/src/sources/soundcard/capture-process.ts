import type { SourceError } from '../../errors.js'
import type { Chunk, SampleFormat } from '../../model.js'
import type { Clock, Timer } from '../../time/clock.js'
import { ProgramConnection } from '../process/program-connection.js'
import type { Program } from '../process/spawn-program.js'
import type { ConnectOptions } from '../source.js'
import { captureError, explainExit, type CaptureFacts } from './capture-fault.js'
import type { CaptureProgram, CaptureRequest, Encoding } from './capture-programs.js'
import { ProgramWords, type DeviceSetup } from './program-words.js'

const KILL_TIMEOUT_MS = 1000

/** A timer that is so late: this process slept, and what came meanwhile waits in the pipe. */
const ASLEEP_MS = 200

/** What is captured, and how. */
export interface CapturePlan {
  readonly program: CaptureProgram
  readonly encoding: Encoding
  readonly request: CaptureRequest
  readonly sampleFormat: SampleFormat
  readonly facts: CaptureFacts
}

/** Samples that the program said were lost. */
export interface ToldLoss {
  /** At least so many milliseconds. */
  readonly ms: number
  /** In its own words. */
  readonly cause: SourceError
}

/** A running capture program: its bytes, and what it says of them. */
export class CaptureProcess {
  readonly #plan: CapturePlan
  readonly #clock: Clock
  readonly #inner: ProgramConnection
  readonly #bytes: AsyncIterator<Chunk>
  readonly #words: ProgramWords
  readonly #losses: (ToldLoss & { readonly afterBytes: number })[] = []
  #readBytes = 0

  constructor(child: Program, plan: CapturePlan, { signal, clock }: ConnectOptions) {
    const { program, facts } = plan
    this.#plan = plan
    this.#clock = clock
    this.#words = new ProgramWords({
      onOverrun: (lostMs, line) => this.#noteLoss(lostMs, line),
      // the monotonic clock slept, too: only a new connection finds the time again
      onSuspend: (line) => this.#inner.fail(captureError('ISR_SOURCE_RESET', line, facts)),
    })
    this.#inner = new ProgramConnection(child, {
      source: facts.source,
      program: program.name,
      signal,
      clock,
      pace: 'live',
      killTimeoutMs: KILL_TIMEOUT_MS,
      onWords: (text) => this.#words.push(text),
      explainExit: (exit) => explainExit(exit, facts, this.#readBytes > 0),
    })
    this.#bytes = this.#inner[Symbol.asyncIterator]()
  }

  /** Program, process and device. */
  get facts(): Readonly<Record<string, string>> {
    return { ...this.#inner.facts, device: this.#plan.facts.device }
  }

  /** What the program said of the layout so far. */
  get setup(): DeviceSetup {
    return this.#words.setup
  }

  /** Its warning that the rate is another one than asked for. */
  get rateWarning(): string | undefined {
    return this.#words.rateWarning
  }

  /**
   * The next bytes; undefined after a clean end.
   * @throws {@link SourceError} when it broke, or was silent for `limitMs`
   */
  async next(limitMs: number): Promise<Chunk | undefined> {
    const watch = (delayMs: number): Timer => {
      const dueMs = this.#clock.monotonicMs() + delayMs
      return this.#clock.after(delayMs, () => {
        if (this.#clock.monotonicMs() - dueMs > ASLEEP_MS) return void (timer = watch(ASLEEP_MS))
        const text = `no audio came for ${(limitMs / 1000).toFixed(1)} s`
        this.#inner.fail(captureError('ISR_SOURCE_STALLED', text, this.#plan.facts))
      })
    }
    let timer = watch(limitMs)
    try {
      const { value, done } = (await this.#bytes.next()) as IteratorResult<Chunk, undefined>
      if (done) return undefined
      this.#readBytes += value.bytes.length
      return value
    } finally {
      timer.cancel()
    }
  }

  /** Losses that lie before the bytes read last. Each is given once. */
  takeLosses(readBytes: number): readonly ToldLoss[] {
    const before = this.#readBytes - readBytes
    const due = this.#losses.filter(({ afterBytes }) => afterBytes <= before)
    this.#losses.splice(0, due.length)
    return due
  }

  /** Ends the program. */
  close(): Promise<void> {
    return Promise.resolve(this.#inner[Symbol.asyncDispose]())
  }

  /**
   * Bytes and words come through two pipes. What the program wrote before these words is in its pipe already, so it has been read
   * by the end of this turn of the event loop; what follows the loss comes a period later.
   */
  #noteLoss(lostMs: number, line: string): void {
    const cause = captureError('ISR_SOURCE_OVERRUN', line, this.#plan.facts)
    setImmediate(() => this.#losses.push({ ms: lostMs, cause, afterBytes: this.#inner.receivedBytes }))
  }
}
