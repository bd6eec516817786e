import type { Chunk, PcmLayout } from '../model.js'
import type { Clock } from '../time/clock.js'

/** What a source gets when it is asked to connect. */
export interface ConnectOptions {
  /** Aborts connecting, and later the connection. */
  readonly signal: AbortSignal
  /** The recorder's clock. */
  readonly clock: Clock
  /**
   * Tells of something that was survived, while connecting or later; becomes a `warning` event. Default: nobody is told.
   * @param code - stable, in lower case with hyphens
   * @param message - what and how to mend it; no secrets
   */
  readonly onWarning?: (code: string, message: string) => void
}

/** Takes a chunk; gives a promise when the next one is to wait. */
export type TakeChunk = (chunk: Chunk) => Promise<void> | undefined

/**
 * One open byte stream: iterate it once, or have it deliver, dispose it when done.
 * The iterator ends when the source ended cleanly and throws {@link SourceError} when it broke;
 * after an abort it ends.
 */
export interface Connection extends AsyncIterable<Chunk>, AsyncDisposable {
  /** Lower-case media type without parameters, or `''` when the source declares none. Only a hint: content decides. */
  readonly contentType: string
  /** Present when the bytes are raw PCM, which cannot be detected by content. */
  readonly pcm?: PcmLayout
  /**
   * `live`: bytes arrive as the audio happens (a station, a soundcard), so arrival times tell the true time.
   * `unpaced`: bytes come as fast as they are read (a file); time is counted from the start alone.
   * Default `live`.
   */
  readonly pace?: 'live' | 'unpaced'
  /** Facts for logs and events, such as the station's name or the address after redirects; no secrets. */
  readonly facts?: Readonly<Record<string, string>>
  /**
   * Instead of being iterated: hands every chunk to `take` in the same turn of the event loop in which it arrives, which costs less than
   * a promise for each. Where `take` gives a promise, the next chunk waits for it. Resolves when the source ended cleanly, and after
   * an abort. Whoever decorates a connection decorates both. Default: it is iterated.
   * @throws {@link SourceError} when it broke; what `take` throws
   */
  deliver?(take: TakeChunk): Promise<void>
  /**
   * Tells how long what arrives may be collected before it is given, in milliseconds, where that is cheaper; 0: somebody waits for
   * every byte, such as a listener. An end is told at once all the same. Default 1000; a source that never collects has no such method.
   */
  mayWait?(mostMs: number): void
}

/** Where bytes come from. Knows how to connect, never when to retry. Extend it to make your own. */
export abstract class Source {
  /** Name in file names, ledger, events. */
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  /** Whether a clean end means that all is recorded (a file), not that the source must be opened again. Default false. */
  get finite(): boolean {
    return false
  }

  /**
   * For sources on this machine, which cost nothing to ask: however long the pause between two counted attempts, the source is
   * looked for at least this often, in milliseconds, without a word and without counting. Default undefined: never in between.
   */
  get lookEveryMs(): number | undefined {
    return undefined
  }

  /**
   * Opens one connection.
   * @throws {@link SourceError} whose `code` says what happened and whose `retryable` says whether a retry can help
   */
  abstract connect(options: ConnectOptions): Promise<Connection>
}
