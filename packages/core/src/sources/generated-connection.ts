import type { Chunk, PcmLayout } from '../model.js'
import type { Connection } from './source.js'

/** What a {@link GeneratedConnection} is made of. */
interface GeneratedConnectionInit {
  /** Aborts the connection from outside. */
  readonly signal: AbortSignal
  /** Makes the chunks; returns soon after the signal it gets has aborted. */
  readonly chunks: (signal: AbortSignal) => AsyncGenerator<Chunk, void, undefined>
  /** Frees what `connect` opened; called once. */
  readonly close?: () => Promise<void>
  /** See {@link Connection.pcm}. */
  readonly pcm?: PcmLayout
  /** See {@link Connection.pace}. */
  readonly pace: 'live' | 'unpaced'
  /** See {@link Connection.facts}. */
  readonly facts?: Readonly<Record<string, string>>
}

/** A connection whose chunks come from a generator: nothing runs between two pulls. */
export class GeneratedConnection implements Connection {
  readonly contentType = ''
  readonly pcm?: PcmLayout
  readonly pace: 'live' | 'unpaced'
  readonly facts?: Readonly<Record<string, string>>
  readonly #abort = new AbortController()
  readonly #outer: AbortSignal
  readonly #onOuterAbort = () => this.#abort.abort()
  readonly #chunks: AsyncGenerator<Chunk, void, undefined>
  readonly #close: () => Promise<void>
  #closed: Promise<void> | undefined

  constructor(init: GeneratedConnectionInit) {
    if (init.pcm) this.pcm = init.pcm
    if (init.facts) this.facts = init.facts
    this.pace = init.pace
    this.#outer = init.signal
    this.#close = init.close ?? (() => Promise.resolve())
    this.#chunks = this.#run(init.chunks(this.#abort.signal))
    if (init.signal.aborted) this.#abort.abort()
    else init.signal.addEventListener('abort', this.#onOuterAbort, { once: true })
  }

  [Symbol.asyncIterator](): AsyncIterator<Chunk> {
    return this.#chunks
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#dispose()
    return this.#closed
  }

  async *#run(chunks: AsyncGenerator<Chunk, void, undefined>): AsyncGenerator<Chunk, void, undefined> {
    try {
      yield* chunks
    } finally {
      // Not awaited through the public dispose, which itself waits for nothing of the iterator.
      await this[Symbol.asyncDispose]()
    }
  }

  async #dispose(): Promise<void> {
    this.#outer.removeEventListener('abort', this.#onOuterAbort)
    this.#abort.abort()
    await this.#close()
  }
}
