import { IsrError } from '@isr/core'
import type { ErrorBody } from '../api/error.js'

/** An answer that is not what was asked for. */
export class HttpError extends Error {
  /** HTTP status. */
  readonly status: number
  /** Stable, for programs. */
  readonly code: string

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HttpError'
    this.status = status
    this.code = code
  }
}

const STATUS_OF: Readonly<Record<string, number | undefined>> = {
  ISR_ARGUMENT_INVALID: 400,
  ISR_SPAN_EMPTY: 400,
  ISR_FORMATS_DIFFER: 409,
  ISR_FORMAT_UNKNOWN: 415,
  ISR_DECODE_FAILED: 422,
  ISR_DECODER_MISSING: 501,
  ISR_STOPPED: 503,
}

/** What storages say names folders of the server: outside they are told in other words. */
const STORAGE_WORDS: Readonly<Record<string, readonly [number, string] | undefined>> = {
  ISR_STORAGE_NOT_FOUND: [404, 'there is no such recording'],
  ISR_STORAGE_EXISTS: [409, 'another file has that name now'],
  ISR_STORAGE_FULL: [507, 'the volume is full'],
  ISR_STORAGE_DENIED: [403, 'the server may not do that in the folder of the recordings: it may be read-only'],
}

/** What the file system says where no storage stands between, by the code of the system. */
const VOLUME_ERRORS: Readonly<Record<string, readonly [number, string, string] | undefined>> = {
  ENOENT: [404, 'HTTP_NOT_FOUND', 'it is not there'],
  EACCES: [403, 'HTTP_DENIED', 'the server may not read that'],
  EPERM: [403, 'HTTP_DENIED', 'the server may not read that'],
  ENOSPC: [507, 'HTTP_FULL', 'the volume is full'],
  EMFILE: [503, 'HTTP_BUSY', 'too much is open: try again in a moment'],
  ENFILE: [503, 'HTTP_BUSY', 'too much is open: try again in a moment'],
}

/** What an error is to somebody who asked over HTTP. Whatever is not known to be harmless says nothing of the inside. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof IsrError) {
    const [status, words] = STORAGE_WORDS[error.code] ?? [STATUS_OF[error.code], withoutPaths(error.message)]
    if (status !== undefined) return new HttpError(status, error.code, words, { cause: error })
  }
  const volume = VOLUME_ERRORS[(error as NodeJS.ErrnoException | undefined)?.code ?? '']
  if (volume) return new HttpError(...volume, { cause: error })
  const { status: asked, type } = (error ?? {}) as { status?: unknown; type?: unknown }
  // express and its body parsers mark what the caller did wrong
  if (typeof asked === 'number' && asked >= 400 && asked < 500) {
    const code = typeof type === 'string' ? `HTTP_${type.toUpperCase().replace(/\W+/g, '_')}` : 'HTTP_BAD_REQUEST'
    return new HttpError(asked, code, 'the request cannot be understood', { cause: error })
  }
  return new HttpError(500, 'HTTP_INTERNAL', 'the server failed; its log says more', { cause: error })
}

/** Folders of the server are nobody's business. */
export function withoutPaths(message: string): string {
  return message.replace(/(^|[\s"'(])\/\S*\/(?=\S)/g, '$1')
}

/** The body that tells of it. */
export function errorBody({ code, message }: HttpError): ErrorBody {
  return { error: { code, message } }
}
