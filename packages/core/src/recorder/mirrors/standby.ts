import { SourceError, toIsrError, type IsrError } from '../../errors.js'
import type { ConnectOptions, Source } from '../../sources/source.js'
import { sleep } from '../../time/clock.js'
import { retryDelayMs } from '../supervision/retry.js'
import { StandbyConnection, type StandbyConnectionOptions } from './standby-connection.js'

/** It is tried for as long as it takes. */
const RETRY = { maxAttempts: 0, delayMs: 5000, maxDelayMs: 60_000, probeMs: 0 } as const

/** What a {@link Standby} needs. */
export interface StandbyOptions extends Omit<StandbyConnectionOptions, 'clock'> {
  /** The ways that may stand by now. */
  readonly others: () => readonly Source[]
  /** A way failed: told once, until it has worked again. */
  readonly onFailure: (source: Source, error: IsrError) => void
  /** 0 <= n < 1, for jitter. */
  readonly random: () => number
}

/** Another way that is ready to go on with. */
export interface Spare {
  readonly source: Source
  readonly connection: StandbyConnection
}

/** Keeps a second connection to a programme, by a way that is not in use. Whatever fails here never touches the recording. */
export class Standby {
  readonly #options: StandbyOptions
  readonly #failed = new Set<Source>()
  #turn = 0
  #spare?: Spare
  #taken: () => void = () => {}

  constructor(options: StandbyOptions) {
    this.#options = options
  }

  /** Connects, again and again, until the signal aborts. Never rejects. */
  async run(connecting: ConnectOptions): Promise<void> {
    const { clock, signal } = connecting
    const { random, onFailure } = this.#options
    let failures = 0
    while (!signal.aborted) {
      const others = this.#options.others()
      const source = others[this.#turn++ % others.length]
      const { error, worked } = await this.#attempt(source, connecting)
      if (!error) failures = 0
      if (!error || signal.aborted) continue
      failures = worked ? 1 : failures + 1
      if (worked) this.#failed.delete(source)
      if (!this.#failed.has(source)) onFailure(source, error)
      this.#failed.add(source)
      const askedMs = error instanceof SourceError ? error.retryAfterMs : undefined
      await sleep(clock, retryDelayMs(RETRY, failures, askedMs, random()) ?? RETRY.maxDelayMs, signal)
    }
  }

  /** The way that brings audio, if there is one; another one will stand by. */
  take(): Spare | undefined {
    const spare = this.#spare?.connection.isReady ? this.#spare : undefined
    if (!spare) return undefined
    this.#spare = undefined
    this.#failed.delete(spare.source)
    this.#taken()
    return spare
  }

  /** One connection, until it fails or is taken. Never rejects. */
  async #attempt(
    source: Source,
    connecting: ConnectOptions,
  ): Promise<{ readonly error?: IsrError; readonly worked: boolean }> {
    const { signal } = connecting
    const { formats, stallTimeoutMs } = this.#options
    let connection: StandbyConnection
    try {
      const opened = await source.connect(connecting)
      connection = new StandbyConnection(opened, { formats, stallTimeoutMs, clock: connecting.clock })
    } catch (error) {
      return { error: toIsrError(error, 'ISR_SOURCE_FAILED'), worked: false }
    }
    const taken = new Promise<undefined>((resolve) => {
      this.#taken = () => resolve(undefined)
    })
    const stopped = () => connection.close(toIsrError(signal.reason, 'ISR_STOPPED'))
    signal.addEventListener('abort', stopped, { once: true })
    if (signal.aborted) stopped()
    this.#spare = { source, connection }
    const error = await Promise.race([connection.ended, taken])
    signal.removeEventListener('abort', stopped)
    if (!error) return { worked: true }
    this.#spare = undefined
    return { error, worked: connection.worked }
  }
}
