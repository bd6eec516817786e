import type { IsrError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import { Source, type Connection, type ConnectOptions } from '../../sources/source.js'
import { Standby } from './standby.js'

/** What a {@link MirroredSource} is made of. */
export interface MirroredSourceOptions {
  /** The ways to one programme, at least two, the preferred one first. They need not have the same name. */
  readonly sources: readonly Source[]
  /** Formats that the programme may have. */
  readonly formats: readonly Format[]
  /** Too little audio for this long ends what stands by, in milliseconds. */
  readonly stallTimeoutMs: number
  /** 0 <= n < 1, for jitter. */
  readonly random: () => number
}

/**
 * One programme that several addresses send. One of them is recorded, another one stands by: connected, its last minute in memory and
 * nowhere else. When the first fails, the next connection is the one that stood by, and begins with that minute as its burst: what the
 * recorder has already is recognised, so nothing is lost. The one that failed is tried again, and stands by from then on.
 */
export class MirroredSource extends Source {
  readonly #options: MirroredSourceOptions
  readonly #standby: Standby
  #inUse: Source
  #connecting?: ConnectOptions

  constructor(options: MirroredSourceOptions) {
    const { sources } = options
    super(sources[0].name)
    this.#options = options
    this.#inUse = sources[0]
    this.#standby = new Standby({
      ...options,
      others: () => sources.filter((source) => source !== this.#inUse),
      onFailure: (source, error) => this.#warn(source, error),
    })
  }

  /**
   * Goes on with the address that stands by, if it brings audio; otherwise connects to the one that was in use last.
   * @throws {@link SourceError} as that one does
   */
  override async connect(options: ConnectOptions): Promise<Connection> {
    if (!this.#connecting) {
      this.#connecting = options
      void this.#standby.run(options)
    }
    const spare = this.#standby.take()
    if (!spare) return this.#inUse.connect(options)
    this.#inUse = spare.source
    const connection = spare.connection.take()
    const where = connection.facts?.url ?? `address ${this.#place(spare.source)}`
    options.onWarning?.('mirror', `goes on with ${where}`)
    return connection
  }

  #warn(source: Source, { message }: IsrError): void {
    this.#connecting?.onWarning?.('mirror', `address ${this.#place(source)} cannot stand by: ${message}`)
  }

  /** From 1, in the order given. */
  #place(source: Source): number {
    return this.#options.sources.indexOf(source) + 1
  }
}
