import type { Chunk, Loss, PcmLayout, StreamMetadata } from '../model.js'
import { Source, type Connection, type ConnectOptions } from '../sources/source.js'
import { sleep } from '../time/clock.js'

/** One thing that a scripted connection does. */
export interface ScriptedStep {
  /** Wait before, in milliseconds of the recorder's clock. Default 0. */
  readonly afterMs?: number
  /** Bytes that arrive then. Default none. */
  readonly bytes?: Uint8Array
  /** Metadata in force from these bytes on. */
  readonly metadata?: StreamMetadata
  /** Audio that is missing before these bytes. */
  readonly lossBefore?: Loss
}

/** What one call of `connect` meets. */
export interface ScriptedConnection {
  /** `connect` fails with this. */
  readonly refuse?: Error
  /** Declared media type. Default `''`. */
  readonly contentType?: string
  /** Declared PCM layout. */
  readonly pcm?: PcmLayout
  /** Default `live`. */
  readonly pace?: 'live' | 'unpaced'
  /** What arrives, in order. */
  readonly steps?: Iterable<ScriptedStep>
  /** How it ends after the last step: cleanly, with an error, or never. Default `'hang'`. */
  readonly end?: 'clean' | 'hang' | Error
}

/** What kind of source a {@link ScriptedSource} is. */
export interface ScriptedSourceOptions {
  /** See {@link Source.finite}. Default false. */
  readonly finite?: boolean
  /** See {@link Source.lookEveryMs}. Default undefined. */
  readonly lookEveryMs?: number
}

/** A source that plays a script on the recorder's clock; the last connection is repeated for ever. */
export class ScriptedSource extends Source {
  /** How many times it was connected to. */
  connects = 0
  /** How many connections are open. */
  open = 0
  readonly #script: readonly ScriptedConnection[]
  readonly #options: ScriptedSourceOptions

  /**
   * @param name - of the source
   * @param script - connections in order
   * @param options - what kind of source it is
   */
  constructor(name: string, script: readonly ScriptedConnection[], options: ScriptedSourceOptions = {}) {
    super(name)
    this.#script = script
    this.#options = options
  }

  override get finite(): boolean {
    return this.#options.finite ?? false
  }

  override get lookEveryMs(): number | undefined {
    return this.#options.lookEveryMs
  }

  connect(options: ConnectOptions): Promise<Connection> {
    const script = this.#script[Math.min(this.connects++, this.#script.length - 1)]
    if (script.refuse) return Promise.reject(script.refuse)
    this.open++
    let closed = false
    return Promise.resolve({
      contentType: script.contentType ?? '',
      ...(script.pcm && { pcm: script.pcm }),
      ...(script.pace && { pace: script.pace }),
      [Symbol.asyncIterator]: () => play(script, options),
      [Symbol.asyncDispose]: () => {
        if (!closed) this.open--
        closed = true
        return Promise.resolve()
      },
    })
  }
}

async function* play(script: ScriptedConnection, { clock, signal }: ConnectOptions): AsyncGenerator<Chunk> {
  for (const { afterMs = 0, bytes = new Uint8Array(0), metadata, lossBefore } of script.steps ?? []) {
    if (afterMs > 0) await sleep(clock, afterMs, signal)
    if (signal.aborted) return
    const extras = { ...(metadata && { metadata }), ...(lossBefore && { lossBefore }) }
    yield { bytes, arrivedAtMs: clock.monotonicMs(), ...extras }
  }
  const end = script.end ?? 'hang'
  if (end instanceof Error) throw end
  if (end === 'hang') await sleep(clock, 2 ** 40, signal)
}
