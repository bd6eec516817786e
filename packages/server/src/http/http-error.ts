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
  ISR_STORAGE_NOT_FOUND: 404,
  ISR_STORAGE_FULL: 507,
  ISR_STORAGE_EXISTS: 409,
  ISR_RANGE_EMPTY: 400,
  ISR_FORMATS_DIFFER: 409,
  ISR_FORMAT_UNKNOWN: 415,
  ISR_DECODER_MISSING: 501,
}

/** What an error is to somebody who asked over HTTP. Whatever is not known to be harmless says nothing of the inside. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  const status = error instanceof IsrError ? STATUS_OF[error.code] : undefined
  if (error instanceof IsrError && status !== undefined)
    return new HttpError(status, error.code, error.message, { cause: error })
  const { status: asked, type } = (error ?? {}) as { status?: unknown; type?: unknown }
  // express and its body parsers mark what the caller did wrong
  if (typeof asked === 'number' && asked >= 400 && asked < 500) {
    const code = typeof type === 'string' ? `HTTP_${type.toUpperCase().replace(/\W+/g, '_')}` : 'HTTP_BAD_REQUEST'
    return new HttpError(asked, code, 'the request cannot be understood', { cause: error })
  }
  return new HttpError(500, 'HTTP_INTERNAL', 'the server failed; its log says more', { cause: error })
}

/** The body that tells of it. */
export function errorBody({ code, message }: HttpError): ErrorBody {
  return { error: { code, message } }
}
