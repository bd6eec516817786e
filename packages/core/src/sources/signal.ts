import { IsrError } from '../errors.js'
import type { Chunk, PcmLayout } from '../model.js'
import { sleep } from '../time/clock.js'
import type { Clock } from '../time/clock.js'
import { GeneratedConnection } from './generated-connection.js'
import { requireInteger } from './require-integer.js'
import { Source } from './source.js'
import type { Connection, ConnectOptions } from './source.js'
import { stoppedError } from './source-error.js'
import { DemoWaveform, RampWaveform } from './waveform.js'

/** Length of one chunk. */
const CHUNK_SECONDS = 0.1
/** Unpaced, I/O and timers get their turn after this many chunks. */
const CHUNKS_PER_TURN = 8

/** Settings of a {@link SignalSource}. */
export interface SignalSourceOptions {
  /** Name of the source. @defaultValue `'signal'` */
  readonly name?: string
  /** Sampling rate in Hz, 1000 to 384000. @defaultValue 44100 */
  readonly sampleRateHz?: number
  /** Channels, 1 to 8. @defaultValue 2 */
  readonly channels?: number
  /**
   * `demo`: quiet noise with a loud event now and then, the first within 5 s.
   * `ramp`: a running 16-bit counter of interleaved samples, for bit-exact tests.
   * @defaultValue `'demo'`
   */
  readonly waveform?: 'demo' | 'ramp'
  /** Start of the random numbers of `demo`: the same seed gives the same audio. @defaultValue 1 */
  readonly seed?: number
  /** `live`: in real time by the clock; `unpaced`: as fast as it is pulled. @defaultValue `'live'` */
  readonly pace?: 'live' | 'unpaced'
  /** Ends after this much audio, in seconds; absent: never. */
  readonly durationSeconds?: number
}

/** Audio from nowhere, for the demo and for tests: s16 PCM in chunks of 100 ms. Each connection starts anew. */
export class SignalSource extends Source {
  readonly #layout: PcmLayout
  readonly #options: SignalSourceOptions
  readonly #totalFrames: number

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` */
  constructor(options: SignalSourceOptions = {}) {
    super(options.name ?? 'signal')
    const { sampleRateHz = 44_100, channels = 2, durationSeconds = Infinity } = options
    requireInteger('sampleRateHz', sampleRateHz, 1000, 384_000)
    requireInteger('channels', channels, 1, 8)
    if (!(durationSeconds > 0)) throw new IsrError('ISR_ARGUMENT_INVALID', 'durationSeconds must be greater than 0')
    this.#layout = { sampleRateHz, channels, sampleFormat: 's16' }
    this.#totalFrames = Math.round(durationSeconds * sampleRateHz)
    this.#options = options
  }

  /** True when `durationSeconds` was given. */
  override get finite(): boolean {
    return this.#totalFrames !== Infinity
  }

  /** Never fails but when it is told to stop. */
  override connect({ signal, clock }: ConnectOptions): Promise<Connection> {
    if (signal.aborted) return Promise.reject(stoppedError())
    const pace = this.#options.pace ?? 'live'
    const chunks = (aborted: AbortSignal) => this.#chunks(aborted, clock, pace === 'live')
    return Promise.resolve(new GeneratedConnection({ signal, chunks, pace, pcm: this.#layout }))
  }

  async *#chunks(signal: AbortSignal, clock: Clock, live: boolean): AsyncGenerator<Chunk, void, undefined> {
    const { sampleRateHz, channels } = this.#layout
    const { waveform = 'demo', seed = 1 } = this.#options
    const source = waveform === 'ramp' ? new RampWaveform(channels) : new DemoWaveform(sampleRateHz, channels, seed)
    const startMs = clock.monotonicMs()
    let frames = 0
    for (let chunk = 1; frames < this.#totalFrames; chunk++) {
      // Counted from the start: rounding and late wake-ups never add up to drift.
      const endFrame = Math.min(this.#totalFrames, Math.round(chunk * CHUNK_SECONDS * sampleRateHz))
      if (live) {
        const waitMs = startMs + (endFrame * 1000) / sampleRateHz - clock.monotonicMs()
        if (waitMs > 0) await sleep(clock, waitMs, signal)
      } else if (chunk % CHUNKS_PER_TURN === 0) {
        await new Promise<void>((resolve) => setImmediate(resolve))
      }
      if (signal.aborted) return
      yield { bytes: source.next(endFrame - frames), arrivedAtMs: clock.monotonicMs() }
      frames = endFrame
    }
  }
}
