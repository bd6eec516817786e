import { concatBytes } from '../../bytes/concat.js'
import { SourceError } from '../../errors.js'
import { redactUrl } from '../redact.js'
import { withDeadline } from './deadline.js'
import { openResponse } from './exchange.js'
import type { HttpResponse, RequestOptions } from './exchange.js'
import { HttpConnection, mediaTypeOf } from './http-connection.js'
import { takeCredentials } from './credentials.js'
import { isHttp } from './http-url.js'
import { fetchPlaylist, tooLargeError } from './playlist/fetch.js'
import type { PlaylistDocument } from './playlist/fetch.js'
import {
  detectPlaylist,
  MAX_PLAYLIST_BYTES,
  parsePlaylist,
  PLAYLIST_PROBE_BYTES,
  playlistKindOfPath,
  playlistKindOfType,
} from './playlist/playlist.js'
import type { Address } from './redirect.js'

/** Playlists inside of playlists are followed this deep. */
const MAX_PLAYLIST_DEPTH = 3

/** Addresses tried in one attempt, however many the playlists hold. */
const MAX_ADDRESSES = 32

/** What one attempt shares. */
interface OpenStreamOptions extends RequestOptions {
  /** Name of the source, for errors. */
  readonly source: string
  /** Media type believed instead of the declared one. */
  readonly contentType?: string
}

/**
 * Opens the stream at an address, through redirects and playlists.
 * @throws {@link SourceError}
 */
export function openStream(address: Address, options: OpenStreamOptions): Promise<HttpConnection> {
  return new StreamOpener(options).open(address, 0)
}

class StreamOpener {
  readonly #options: OpenStreamOptions
  readonly #tried = new Set<string>()

  constructor(options: OpenStreamOptions) {
    this.#options = options
  }

  async open(address: Address, depth: number): Promise<HttpConnection> {
    this.#tried.add(address.url.href)
    if (playlistKindOfPath(address.url.pathname)) {
      const document = await fetchPlaylist(address, this.#options)
      if (document) return this.#openFirst(document, depth)
    }
    const response = await openResponse(address, this.#options)
    const connection = new HttpConnection(response, this.#options)
    try {
      const document = await this.#playlistIn(connection, response)
      if (!document) return connection
      await connection[Symbol.asyncDispose]()
      return await this.#openFirst(document, depth)
    } catch (error) {
      await connection[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Tries the addresses of a playlist in their order. */
  async #openFirst(document: PlaylistDocument, depth: number): Promise<HttpConnection> {
    const place = redactUrl(document.url)
    const kind = detectPlaylist(document.bytes, { contentType: document.contentType, path: document.url.pathname })
    if (kind === undefined || kind === 'hls')
      throw new SourceError('ISR_FORMAT_UNKNOWN', `${place} is an HLS playlist, not a stream`)
    if (depth >= MAX_PLAYLIST_DEPTH) {
      throw new SourceError('ISR_SOURCE_REFUSED', `${place}: playlists are nested more than ${MAX_PLAYLIST_DEPTH} deep`)
    }
    const failures: unknown[] = []
    for (const entry of parsePlaylist(kind, document.bytes)) {
      const address = entryAddress(entry, document)
      if (!address || this.#tried.has(address.url.href)) continue
      if (this.#tried.size >= MAX_ADDRESSES) break
      try {
        return await this.open(address, depth + 1)
      } catch (error) {
        if (this.#options.signal.aborted) throw error
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
    throw new SourceError('ISR_SOURCE_REFUSED', `the playlist ${place} holds no http or https address that is new`)
  }

  /** The playlist that an answer turns out to be. Audio types are believed; anything else is looked into. */
  async #playlistIn(connection: HttpConnection, response: HttpResponse): Promise<PlaylistDocument | undefined> {
    const hints = { contentType: mediaTypeOf(response.head), path: response.url.pathname }
    const isAudio = /^(audio|video)\/|^application\/ogg$/.test(hints.contentType)
    if (isAudio && !playlistKindOfType(hints.contentType)) return undefined
    const ahead: ReadAhead = { connection, parts: [], length: 0, ended: false }
    await this.#readAhead(ahead, PLAYLIST_PROBE_BYTES)
    if (!detectPlaylist(concatBytes(ahead.parts), hints)) return undefined
    await this.#readAhead(ahead, MAX_PLAYLIST_BYTES + 1)
    if (ahead.length > MAX_PLAYLIST_BYTES) throw tooLargeError(response.url)
    return { ...response, bytes: concatBytes(ahead.parts), contentType: hints.contentType }
  }

  /** When nothing comes for too long, what there is must do: the recorder watches for stalls. */
  async #readAhead(ahead: ReadAhead, lengthBytes: number): Promise<void> {
    const timeoutMs = this.#options.headTimeoutMs
    try {
      await withDeadline({ ...this.#options, timeoutMs, expired: '' }, async (signal) => {
        while (!ahead.ended && ahead.length < lengthBytes) {
          const chunks = await ahead.connection.peek(signal)
          ahead.ended = chunks === undefined
          for (const { bytes } of chunks ?? []) {
            ahead.parts.push(bytes)
            ahead.length += bytes.length
            // No playlist holds such bytes: there is nothing to wait for.
            if (bytes.some((byte) => byte < 0x09)) return
          }
        }
      })
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'ISR_SOURCE_STALLED') throw error
    }
  }
}

/** What was read of a body before it is given away. */
interface ReadAhead {
  readonly connection: HttpConnection
  readonly parts: Uint8Array[]
  length: number
  ended: boolean
}

/** An entry of a playlist: relative to it, http and https only; other entries are passed over. */
function entryAddress(entry: string, playlist: Address): Address | undefined {
  if (!URL.canParse(entry, playlist.url.href)) return undefined
  const url = new URL(entry, playlist.url)
  if (!isHttp(url)) return undefined
  return { url, credentials: takeCredentials(url) ?? playlist.credentials }
}
