const CODES = {
  ISR_CONFIG_INVALID: 'The configuration has a problem; the message says file, line, key and mend.',
  ISR_ARGUMENT_INVALID: 'An argument of a public function is outside its documented range.',
  ISR_SOURCE_UNREACHABLE: 'The host name does not resolve, or nothing answers there.',
  ISR_SOURCE_REFUSED: 'The server answered, but not with audio: an HTTP error status or a refused redirect.',
  ISR_SOURCE_UNAUTHORIZED: 'The server wants other credentials (401 or 403).',
  ISR_SOURCE_NOT_FOUND: 'The mount, file, program or device does not exist (404, 410, ENOENT).',
  ISR_SOURCE_PROTOCOL: 'The answer breaks HTTP beyond what can be read safely.',
  ISR_SOURCE_TLS: 'The certificate of the server is not trusted or the TLS handshake failed.',
  ISR_SOURCE_ENDED: 'The source ended its connection.',
  ISR_SOURCE_RESET: 'The connection broke.',
  ISR_SOURCE_STALLED: 'The source delivers too little audio per wall second.',
  ISR_SUSPENDED: 'The machine or this process was asleep, and the connection did not outlive it.',
  ISR_SOURCE_FAILED: 'The program behind the source failed; the message holds its own words.',
  ISR_SOURCE_BUSY: 'The device is in use by another program.',
  ISR_SOURCE_DENIED: 'The device may not be opened: permission.',
  ISR_SOURCE_AMBIGUOUS: 'The name fits several devices; the message lists them.',
  ISR_SOURCE_UNSUPPORTED: 'The device cannot deliver the rate, channels or sample format that were asked for.',
  ISR_SOURCE_OVERRUN: 'Audio was made faster than it was taken: samples are missing.',
  ISR_FORMAT_UNKNOWN: 'The bytes are no audio format that this library records.',
  ISR_SPAN_EMPTY: 'No recorded audio lies in the span of time that was asked for.',
  ISR_FORMATS_DIFFER: 'Audio of different formats cannot become one file without being decoded.',
  ISR_DECODER_MISSING: 'No decoder for this codec is installed, or there is none; the message names the package.',
  ISR_DECODE_FAILED: 'A decoder could not take the audio.',
  ISR_ENCODE_FAILED: 'An encoder failed amid the audio.',
  ISR_STORAGE_FULL: 'No space left on the volume of the recordings.',
  ISR_STORAGE_DENIED: 'The recordings folder cannot be written: permission or a read-only volume.',
  ISR_STORAGE_NOT_FOUND: 'No such recording.',
  ISR_STORAGE_EXISTS: 'A recording of this name exists; nothing is ever overwritten.',
  ISR_STORAGE_STALLED: 'The volume hangs: it takes nothing, and as much waits for it as memory is for.',
  ISR_STORAGE_FAILED: 'The volume failed while reading or writing.',
  ISR_LEDGER_FAILED: 'The ledger cannot be written.',
  ISR_PLUGIN_FAILED: 'A format, splitter or ledger of somebody else threw; the message says whose method.',
  ISR_RETRIES_EXHAUSTED: 'The source failed too many times in a row; the recorder gave up.',
  ISR_INTERRUPTED: 'The recorder was ended by force while it recorded: kill -9, a crash, a power cut.',
  ISR_LISTEN_FAILED:
    'The server cannot listen there: the port is taken or needs more rights, or the address is not of this machine.',
  ISR_STOPPED: 'The operation ended because it was told to stop.',
} as const

/** One of {@link ERROR_CODES}. */
export type IsrErrorCode = keyof typeof CODES

/** Every stable error code of the library, and what it means. Test `error.code`, never `message`. */
export const ERROR_CODES: Readonly<Record<IsrErrorCode, string>> = CODES

/** Details of an {@link IsrError}. */
export interface IsrErrorOptions extends ErrorOptions {
  /** Name of the source it concerns. */
  readonly source?: string
}

/** What of an {@link IsrError} goes into JSON. */
export interface IsrErrorJson {
  /** Stable code. */
  readonly code: IsrErrorCode
  /** What, where and how to mend it. */
  readonly message: string
}

/** Base of everything the library throws on purpose. */
export class IsrError extends Error {
  /** `IsrError` */
  override readonly name: string = 'IsrError'
  /** Stable code. */
  readonly code: IsrErrorCode
  /** Name of the source it concerns, when there is one. */
  declare readonly source?: string

  /**
   * @param code - stable code
   * @param message - what, where and how to mend it; no secrets
   * @param options - cause and source
   */
  constructor(code: IsrErrorCode, message: string, options: IsrErrorOptions = {}) {
    super(message, options)
    this.code = code
    if (options.source !== undefined) this.source = options.source
  }

  /** What `JSON.stringify` writes: code and message. An Error alone would lose its message there. */
  toJSON(): IsrErrorJson {
    return { code: this.code, message: this.message }
  }
}

/** Details of a {@link SourceError}. */
export interface SourceErrorOptions extends IsrErrorOptions {
  /** Whether another attempt can help. Default true: a station may come back from anything. */
  readonly retryable?: boolean
  /** What the server asked for with `Retry-After`, in milliseconds. */
  readonly retryAfterMs?: number
}

/** A source could not be opened or broke. */
export class SourceError extends IsrError {
  /** `SourceError` */
  override readonly name: string = 'SourceError'
  /** Whether another attempt can help. */
  readonly retryable: boolean
  /** What the server asked for with `Retry-After`, in milliseconds; undefined when it did not. */
  declare readonly retryAfterMs?: number

  constructor(code: IsrErrorCode, message: string, options: SourceErrorOptions = {}) {
    super(code, message, options)
    this.retryable = options.retryable ?? true
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs
  }
}

/** Recordings could not be written or read. */
export class StorageError extends IsrError {
  /** `StorageError` */
  override readonly name: string = 'StorageError'
}

/** The configuration has a problem. */
export class ConfigError extends IsrError {
  /** `ConfigError` */
  override readonly name: string = 'ConfigError'
}

/** Whatever was thrown, as an {@link IsrError}; foreign errors are wrapped with `fallback` as their code. */
export function toIsrError(error: unknown, fallback: IsrErrorCode): IsrError {
  if (error instanceof IsrError) return error
  return new IsrError(fallback, messageOf(error), { cause: error })
}

/** Never empty: a failed connection to a name of several addresses has a code and no message. */
function messageOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return String(error)
    return error.message || (error as NodeJS.ErrnoException).code || error.name
  } catch {
    return 'unknown error'
  }
}
