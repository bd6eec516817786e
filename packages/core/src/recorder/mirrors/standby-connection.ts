import { SourceError, toIsrError, type IsrError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import type { Chunk } from '../../model.js'
import type { Connection } from '../../sources/source.js'
import type { Clock } from '../../time/clock.js'
import { StallWatch } from '../supervision/stall-watch.js'
import { StandbyRing } from './standby-ring.js'

/** What a {@link StandbyConnection} needs. */
export interface StandbyConnectionOptions {
  readonly formats: readonly Format[]
  readonly clock: Clock
  /** Too little audio for this long ends it. */
  readonly stallTimeoutMs: number
}

/** A connection whose last minute is kept in memory until somebody goes on with it. */
export class StandbyConnection {
  /** Resolves with the reason when it ends without having been taken; never rejects. */
  readonly ended: Promise<IsrError>
  readonly #connection: Connection
  readonly #iterator: AsyncIterator<Chunk>
  readonly #ring: StandbyRing
  readonly #watch: StallWatch
  #end: (cause: IsrError) => void = () => {}
  /** The read that is under way, which whoever takes over gets. */
  #reading: Promise<IteratorResult<Chunk>>
  #state: 'waiting' | 'taken' | 'over' = 'waiting'

  constructor(connection: Connection, { formats, clock, stallTimeoutMs }: StandbyConnectionOptions) {
    this.#connection = connection
    this.#iterator = connection[Symbol.asyncIterator]()
    this.#ring = new StandbyRing(formats, connection.contentType)
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#reading = this.#iterator.next()
    this.#watch = new StallWatch({
      clock,
      timeoutMs: stallTimeoutMs,
      live: true,
      audioSeconds: () => this.#ring.audioSeconds,
      onStall: () => this.#finish(new SourceError('ISR_SOURCE_STALLED', 'too little audio came')),
    })
    void this.#read(clock)
  }

  /** Whether it brings audio and nobody has taken it. */
  get isReady(): boolean {
    return this.#state === 'waiting' && this.#ring.audioSeconds > 0
  }

  /** Whether it has brought audio. */
  get worked(): boolean {
    return this.#ring.audioSeconds > 0
  }

  /** Hands it over: a connection that begins with the last minute, told as arriving when it did. Only while ready. */
  take(): Connection {
    this.#state = 'taken'
    this.#watch.stop()
    const { contentType, facts, pace } = this.#connection
    return {
      contentType,
      ...(facts && { facts }),
      ...(pace && { pace }),
      mayWait: (mostMs) => this.#connection.mayWait?.(mostMs),
      [Symbol.asyncIterator]: () => this.#replay(),
      [Symbol.asyncDispose]: () => this.#connection[Symbol.asyncDispose](),
    }
  }

  /** Ends it. */
  close(cause: IsrError): void {
    this.#finish(cause)
  }

  async #read(clock: Clock): Promise<void> {
    try {
      for (;;) {
        const next = await this.#reading
        if (this.#state !== 'waiting') return
        if (next.done) return this.#finish(new SourceError('ISR_SOURCE_ENDED', 'the source ended the connection'))
        this.#ring.push(next.value, next.value.arrivedAtMs ?? clock.monotonicMs())
        this.#reading = this.#iterator.next()
      }
    } catch (error) {
      this.#finish(toIsrError(error, 'ISR_SOURCE_RESET'))
    }
  }

  async *#replay(): AsyncGenerator<Chunk, void, undefined> {
    yield* this.#ring.replay()
    for (let next = await this.#reading; !next.done; next = await this.#iterator.next()) yield next.value
  }

  #finish(cause: IsrError): void {
    if (this.#state !== 'waiting') return
    this.#state = 'over'
    this.#watch.stop()
    this.#reading.catch(() => {}) // who waited for it has been told
    void Promise.resolve(this.#connection[Symbol.asyncDispose]()).catch(() => {})
    this.#end(cause)
  }
}
