import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'

import { SourceError } from '../errors.js'
import type { IsrErrorCode } from '../errors.js'
import type { Chunk } from '../model.js'
import { GeneratedConnection } from './generated-connection.js'
import { Source } from './source.js'
import type { Connection, ConnectOptions } from './source.js'
import { stoppedError } from './source-error.js'

/** How much is read at once. */
const READ_BYTES = 128 * 1024

/** Settings of a {@link FileSource}. */
export interface FileSourceOptions {
  /** Path of an audio file. */
  readonly path: string
  /** Name of the source. @defaultValue the file's name without extension */
  readonly name?: string
}

/** Reads an audio file as fast as it is pulled and ends where the file ends. */
export class FileSource extends Source {
  /** Path of the file. */
  readonly path: string

  /** Nothing is opened before `connect`. */
  constructor(options: FileSourceOptions) {
    super(options.name ?? basename(options.path).replace(/(?<=.)\.[^.]*$/, ''))
    this.path = options.path
  }

  /** A file is recorded once. */
  override get finite(): boolean {
    return true
  }

  /** @throws {@link SourceError} `ISR_SOURCE_NOT_FOUND`, or `ISR_SOURCE_FAILED` when it is no readable file */
  override async connect({ signal, clock }: ConnectOptions): Promise<Connection> {
    if (signal.aborted) throw stoppedError()
    const handle = await this.#open()
    return new GeneratedConnection({
      signal,
      chunks: (aborted) => this.#read(handle, aborted, () => clock.monotonicMs()),
      close: () => handle.close(),
      pace: 'unpaced',
      facts: { path: this.path },
    })
  }

  async #open(): Promise<FileHandle> {
    try {
      // Opening a FIFO would block a thread of the pool until somebody writes into it.
      if (!(await stat(this.path)).isFile()) throw this.#fault('ISR_SOURCE_FAILED', 'is not a regular file')
      return await open(this.path, 'r')
    } catch (error) {
      if (error instanceof SourceError) throw error
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'ENOENT' || code === 'ENOTDIR') throw this.#fault('ISR_SOURCE_NOT_FOUND', 'does not exist', error)
      throw this.#fault('ISR_SOURCE_FAILED', `cannot be opened (${code ?? String(error)})`, error)
    }
  }

  async *#read(handle: FileHandle, signal: AbortSignal, nowMs: () => number): AsyncGenerator<Chunk, void, undefined> {
    while (!signal.aborted) {
      const buffer = new Uint8Array(READ_BYTES)
      let bytesRead: number
      try {
        bytesRead = (await handle.read(buffer, 0, READ_BYTES)).bytesRead
      } catch (error) {
        if (signal.aborted) return
        throw this.#fault(
          'ISR_SOURCE_FAILED',
          `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
          error,
        )
      }
      if (bytesRead === 0 || signal.aborted) return
      yield { bytes: buffer.subarray(0, bytesRead), arrivedAtMs: nowMs() }
    }
  }

  /** Trying again helps no file. */
  #fault(code: IsrErrorCode, words: string, cause?: unknown): SourceError {
    return new SourceError(code, `${this.path} ${words}`, { source: this.name, cause, retryable: false })
  }
}
