import type { Chunk } from '../../model.js'
import { printable, redactUrl } from '../redact.js'
import type { Connection, TakeChunk } from '../source.js'
import { asSourceError, stoppedError } from '../source-error.js'
import { BodyReader } from './body/body-reader.js'
import { decodeHeaderValue } from './head/charset.js'
import type { HttpResponse } from './exchange.js'
import { headerOf } from './head/response-head.js'
import type { ResponseHead } from './head/response-head.js'
import type { Wire } from './transport.js'

/** Settings of an {@link HttpConnection}. */
interface HttpConnectionOptions {
  /** Name of the source, for errors. */
  readonly source: string
  /** Ends the connection; what has arrived stays readable. */
  readonly signal: AbortSignal
  /** Whether titles are told. */
  readonly titles: boolean
  /** Media type believed instead of the declared one. */
  readonly contentType?: string
}

/** Facts about the station, and the header that tells each. */
const FACT_HEADERS: Readonly<Record<string, string>> = {
  station: 'icy-name',
  genre: 'icy-genre',
  description: 'icy-description',
  server: 'server',
}

/** One open HTTP stream. */
export class HttpConnection implements Connection {
  readonly contentType: string
  readonly pace = 'live'
  readonly facts: Readonly<Record<string, string>>
  readonly #wire: Wire
  readonly #body: BodyReader
  readonly #options: HttpConnectionOptions
  readonly #chunks: AsyncGenerator<Chunk, void, undefined>
  readonly #onAbort = () => void this.#close()
  /** Chunks read before anybody iterates. */
  readonly #peeked: Chunk[] = []
  /** A read under way that the iterator takes over. */
  #reading: Promise<Chunk[] | undefined> | undefined

  constructor(response: HttpResponse, options: HttpConnectionOptions) {
    this.contentType = options.contentType ?? mediaTypeOf(response.head)
    this.facts = factsOf(response)
    this.#wire = response.wire
    this.#body = new BodyReader(response.wire, response.head, options.titles)
    this.#options = options
    this.#chunks = this.#read()
    if (options.signal.aborted) void this.#close()
    else options.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** Whether the station announced ICY metadata and sent none: its bytes are taken as they are. */
  get icyLied(): boolean {
    return this.#body.icyLied
  }

  /**
   * Waits for the next chunks without taking them: the iterator gives them again. `undefined` at the end.
   * @throws {@link SourceError}, also when `signal` aborts; the read goes on and is not lost
   */
  async peek(signal: AbortSignal): Promise<readonly Chunk[] | undefined> {
    const chunks = await unlessAborted(this.#next(), signal)
    this.#reading = undefined
    this.#peeked.push(...(chunks ?? []))
    return chunks
  }

  mayWait(mostMs: number): void {
    this.#wire.mayWait(mostMs)
  }

  [Symbol.asyncIterator](): AsyncIterator<Chunk> {
    return this.#chunks
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wire.clear()
    this.#body.close()
    await this.#close()
  }

  async deliver(take: TakeChunk): Promise<void> {
    try {
      this.#wire.relax()
      for (const chunk of this.#peeked) await take(chunk)
      await (this.#body.isPlain ? this.#deliverPlain(take) : this.#deliverRead(take))
    } catch (error) {
      throw asSourceError(error, this.#options.source, 'ISR_SOURCE_RESET')
    } finally {
      await this[Symbol.asyncDispose]()
    }
  }

  async #deliverPlain(take: TakeChunk): Promise<void> {
    // what whoever peeked did not wait for
    const under = this.#reading
    this.#reading = undefined
    for (const chunk of (await under) ?? []) await take(chunk)
    if (!this.#body.isComplete)
      await this.#wire.forEach((arrival) => {
        const room = takeAll(this.#body.take(arrival), take)
        // the end is known: nothing else is waited for
        if (this.#body.isComplete) void this.#wire.close()
        return room
      })
    this.#body.end()
  }

  async #deliverRead(take: TakeChunk): Promise<void> {
    for (let chunks = await this.#next(); chunks; chunks = await this.#next()) {
      this.#reading = undefined
      await takeAll(chunks, take)
    }
  }

  async *#read(): AsyncGenerator<Chunk, void, undefined> {
    try {
      this.#wire.relax()
      yield* this.#peeked
      for (let chunks = await this.#next(); chunks; chunks = await this.#next()) {
        this.#reading = undefined
        // yield* costs three promises more for each
        for (const chunk of chunks) yield chunk
      }
    } catch (error) {
      throw asSourceError(error, this.#options.source, 'ISR_SOURCE_RESET')
    } finally {
      await this[Symbol.asyncDispose]()
    }
  }

  #next(): Promise<Chunk[] | undefined> {
    if (!this.#reading) {
      this.#reading = this.#body.read()
      // Whoever peeked may have gone; the iterator meets the error again.
      this.#reading.catch(() => {})
    }
    return this.#reading
  }

  #close(): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#onAbort)
    return this.#wire.close()
  }
}

/** Gives chunk after chunk, at once as long as none is to wait. */
function takeAll(chunks: readonly Chunk[], take: TakeChunk): Promise<void> | undefined {
  for (const [index, chunk] of chunks.entries()) {
    const room = take(chunk)
    if (room) return room.then(() => takeAll(chunks.slice(index + 1), take))
  }
  return undefined
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(stoppedError())
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Lower-case media type without parameters; `''` when none is declared. */
export function mediaTypeOf(head: ResponseHead): string {
  return (headerOf(head, 'content-type') ?? '').split(';', 1)[0].trim().toLowerCase()
}

function factsOf({ url, head }: HttpResponse): Record<string, string> {
  const facts: Record<string, string> = { url: redactUrl(url) }
  for (const [fact, header] of Object.entries(FACT_HEADERS)) {
    const value = printable(decodeHeaderValue(headerOf(head, header) ?? ''))
    if (value !== '') facts[fact] = value
  }
  return facts
}
