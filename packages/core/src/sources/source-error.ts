import { SourceError, toIsrError } from '../errors.js'
import type { IsrErrorCode } from '../errors.js'

/** Whatever was thrown while a source was open, as a {@link SourceError} that names its source. */
export function asSourceError(error: unknown, source: string, fallback: IsrErrorCode): SourceError {
  if (error instanceof SourceError && error.source !== undefined) return error
  const known = toIsrError(error, fallback)
  const options = error instanceof SourceError ? { retryable: error.retryable, retryAfterMs: error.retryAfterMs } : {}
  return new SourceError(known.code, known.message, { ...options, source, cause: known.cause })
}

/** The error of an attempt that was told to stop. */
export function stoppedError(): SourceError {
  return new SourceError('ISR_STOPPED', 'stopped while connecting', { retryable: false })
}
