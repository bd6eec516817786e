import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import type { Clock, Library, LibraryEntry } from '@isr/core'
import { HttpError } from '../http/http-error.js'
import { knownRecording } from '../listing/known-recording.js'
import { answerFile, fileHeaders, SAFE_HEADERS } from './answer-file.js'
import { contentTypeOf } from './content-types.js'
import { disposition } from './disposition.js'
import type { FileBody } from './file-body.js'
import { GrowingFiles } from './growing-files.js'
import { OpenFiles, type OpenedFile } from './open-files.js'
import { SmallRanges } from './small-ranges.js'

/** What a {@link Streamer} works with. */
export interface StreamerOptions {
  /** Folder of the recordings. */
  readonly directory: string
  /** Knows which names are recordings: nothing else is ever opened. */
  readonly library: Library
  readonly clock: Clock
}

const FORMATS: Readonly<Record<string, string | undefined>> = {
  '.mp3': 'mp3',
  '.aac': 'aac',
  '.ogg': 'ogg',
  '.opus': 'ogg',
  '.oga': 'ogg',
  '.flac': 'flac',
  '.wav': 'wav',
}
const NO_HEAD = new Uint8Array(0)

/** Sends recordings, whole or in parts, also those that are still written. */
export class Streamer {
  /** The short way for what was asked a moment ago. */
  readonly small = new SmallRanges()
  readonly #library: Library
  readonly #files: OpenFiles
  readonly #growing: GrowingFiles

  constructor({ directory, library, clock }: StreamerOptions) {
    this.#library = library
    this.#files = new OpenFiles(directory, clock)
    this.#growing = new GrowingFiles(directory)
    const forget = ({ name }: LibraryEntry) => {
      this.#files.drop(name)
      this.#growing.forget(name)
      this.small.forget(name)
    }
    library.on('removed', forget)
    library.on('changed', (entry) => {
      this.small.forget(entry.name)
      if (!grows(entry)) forget(entry)
    })
  }

  /**
   * Answers GET or HEAD for a recording.
   * @param kind - played in the page, or saved
   * @throws {@link HttpError} 404 when there is none, 503 when nothing of it can be played yet
   */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    kind: 'inline' | 'attachment',
  ): Promise<void> {
    const entry = knownRecording({ library: this.#library }, name)
    const said = { contentType: contentTypeOf(name), disposition: disposition(kind, name) }
    if (grows(entry)) return answerFile(request, response, await this.#growingBody(entry, response), said)
    const file = this.#files.peek(name) ?? (await this.#open(name))
    const { sizeBytes, modifiedAt } = file
    const etag = `"${sizeBytes.toString(36)}-${Math.round(modifiedAt).toString(36)}"`
    const answer = { ...said, etag, modifiedAt }
    if (request.headers.range !== undefined) {
      const headers = [...SAFE_HEADERS, ...fileHeaders(answer), 'Content-Type', said.contentType]
      this.small.remember(request.url ?? '', file.slot, name, etag, headers)
    }
    await answerFile(request, response, { sizeBytes, head: NO_HEAD, file }, answer)
  }

  /** Closes files that nobody reads. */
  close(): void {
    this.#files.close()
  }

  async #growingBody(entry: LibraryEntry, response: ServerResponse): Promise<FileBody> {
    const format = entry.format ?? FORMATS[extname(entry.name).toLowerCase()] ?? ''
    const view = await this.#growing.view(entry.name, format)
    if (!view || view.endByte === 0) {
      response.setHeader('Retry-After', '1')
      throw new HttpError(503, 'HTTP_NOTHING_YET', 'nothing of this recording can be played yet: try again in a second')
    }
    return { sizeBytes: view.endByte, head: view.head, file: await this.#open(entry.name) }
  }

  async #open(name: string): Promise<OpenedFile> {
    try {
      return await this.#files.open(name)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code ?? ''))
        throw new HttpError(404, 'HTTP_NOT_FOUND', 'the recording is not there any more', { cause: error })
      throw error
    }
  }
}

/** Whether its header may not be true yet. */
function grows({ state, active }: LibraryEntry): boolean {
  return state === 'open' || (state === 'foreign' && active)
}
