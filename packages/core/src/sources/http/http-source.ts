import { IsrError } from '../../errors.js'
import { asSourceError } from '../source-error.js'
import { Source } from '../source.js'
import type { Connection, ConnectOptions } from '../source.js'
import { takeCredentials } from './credentials.js'
import { defaultSourceName, parseHttpUrl } from './http-url.js'
import { openStream } from './open-stream.js'
import type { Address } from './redirect.js'

/** Settings of an {@link HttpSource}. */
export interface HttpSourceOptions {
  /** Address of a stream or of a playlist (.m3u, .pls, .xspf); may hold `user:password@`, percent-encoded. */
  readonly url: string | URL
  /** Name of the source. @defaultValue made of the address: `radio.example-live.mp3` */
  readonly name?: string
  /** HTTP Basic user. @defaultValue the one in `url` */
  readonly username?: string
  /** HTTP Basic password. @defaultValue the one in `url` */
  readonly password?: string
  /** Whether to ask for and tell titles (ICY metadata). @defaultValue true */
  readonly titles?: boolean
  /** Media type to believe whatever the server declares, such as `audio/mpeg`. @defaultValue what the server declares */
  readonly contentType?: string
  /** Limit for connecting and receiving one response head (or one playlist), in milliseconds. @defaultValue 15000 */
  readonly headTimeoutMs?: number
  /** PEM certificates trusted beside the well-known ones, for servers with a certificate authority of their own. */
  readonly trustedCertificates?: readonly string[]
}

/** Default of {@link HttpSourceOptions.headTimeoutMs}, in milliseconds. */
export const HEAD_TIMEOUT_MS = 15_000

/**
 * An Icecast, SHOUTcast or plain HTTP(S) stream, read as stations really send it. Redirects and playlists are followed to http and
 * https only; credentials go to the host they are for. Certificates are always verified.
 *
 * @example
 * ```ts
 * const source = new HttpSource({ url: 'https://radio.example/live.mp3', name: 'live' })
 * ```
 */
export class HttpSource extends Source {
  readonly #address: Address
  readonly #options: HttpSourceOptions

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` for what is no http or https URL */
  constructor(options: HttpSourceOptions) {
    const url = new URL(parseHttpUrl(options.url))
    const credentials = takeCredentials(url, options)
    super(options.name ?? defaultSourceName(url))
    if (options.headTimeoutMs !== undefined && !(options.headTimeoutMs > 0)) {
      throw new IsrError('ISR_ARGUMENT_INVALID', `headTimeoutMs must be greater than 0, not ${options.headTimeoutMs}`)
    }
    this.#address = { url, credentials }
    // Kept apart in `#address`: nothing that prints the options can show them.
    this.#options = { ...options, url: url.href, username: undefined, password: undefined }
  }

  /**
   * Connects, follows redirects and playlists, and resolves once a response head has come.
   * @throws {@link SourceError} `ISR_SOURCE_UNREACHABLE`, `_TLS`, `_STALLED`, `_RESET`, `_PROTOCOL`, `_UNAUTHORIZED`, `_NOT_FOUND`,
   * `_REFUSED`, `ISR_FORMAT_UNKNOWN` for HLS, `ISR_STOPPED` after an abort
   */
  override async connect({ signal, clock }: ConnectOptions): Promise<Connection> {
    const { titles = true, contentType, headTimeoutMs = HEAD_TIMEOUT_MS, trustedCertificates } = this.#options
    const shared = { source: this.name, signal, clock, titles, contentType, headTimeoutMs, trustedCertificates }
    try {
      return await openStream(this.#address, shared)
    } catch (error) {
      throw asSourceError(error, this.name, 'ISR_SOURCE_RESET')
    }
  }
}
