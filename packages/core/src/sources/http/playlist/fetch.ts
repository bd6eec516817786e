import { gunzipSync } from 'node:zlib'

import { Agent, request } from 'undici'
import type { Dispatcher } from 'undici'

import { SourceError } from '../../../errors.js'
import { redactUrl } from '../../redact.js'
import { authorizationFor } from '../credentials.js'
import { withDeadline } from '../deadline.js'
import type { RequestOptions } from '../exchange.js'
import { followRedirect, isRedirect } from '../redirect.js'
import type { Address } from '../redirect.js'
import { isSuccess, refusalError } from '../head/refusal.js'
import { USER_AGENT } from '../head/request-head.js'
import { MAX_HEAD_BYTES } from '../head/response-head.js'
import { trust } from '../trust.js'
import { detectPlaylist, MAX_PLAYLIST_BYTES, PLAYLIST_PROBE_BYTES } from './playlist.js'

/** A playlist and where it was found after redirects. */
export interface PlaylistDocument extends Address {
  /** The whole document. */
  readonly bytes: Uint8Array
  /** Lower-case media type; `''` when none is declared. */
  readonly contentType: string
}

/**
 * Reads a playlist with undici. Gives `undefined` when what comes is none (a station that streams below `.pls`) or when undici cannot
 * read the answer: the reader of live bodies then tries, and tells what is wrong.
 * @throws {@link SourceError} for an error status, a refused redirect, a playlist that is too large, too little time, an abort
 */
export async function fetchPlaylist(start: Address, options: RequestOptions): Promise<PlaylistDocument | undefined> {
  const agent = new Agent({
    connections: 1,
    // Time is counted by our clock alone.
    connect: { timeout: 0, rejectUnauthorized: true, ...trust(options.trustedCertificates) },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEAD_BYTES,
  })
  const expired = `${redactUrl(start.url)} sent no complete playlist within ${options.headTimeoutMs / 1000} s`
  try {
    return await withDeadline({ ...options, timeoutMs: options.headTimeoutMs, expired }, async (signal) => {
      try {
        return await fetchThroughRedirects(agent, start, options, signal)
      } catch (error) {
        if (error instanceof SourceError || signal.aborted) throw error
        return undefined
      }
    })
  } finally {
    await agent.destroy()
  }
}

async function fetchThroughRedirects(
  agent: Agent,
  start: Address,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<PlaylistDocument | undefined> {
  let address = start
  for (let hops = 0; ; hops++) {
    const { url, credentials } = address
    const authorization = authorizationFor(url, credentials)
    const headers = {
      'user-agent': USER_AGENT,
      'accept-encoding': 'identity',
      ...(authorization ? { authorization } : {}),
    }
    const response = await request(url, { dispatcher: agent, signal, headers })
    // A body that nobody reads must not throw when it is destroyed.
    response.body.on('error', () => {})
    if (isRedirect(response.statusCode)) {
      response.body.destroy()
      address = followRedirect(address, headerText(response, 'location'), hops)
      continue
    }
    const answer = {
      url,
      protocol: 'HTTP',
      status: response.statusCode,
      reason: '',
      retryAfter: headerText(response, 'retry-after'),
    }
    if (!isSuccess(answer)) {
      response.body.destroy()
      throw refusalError(answer, options.clock.now())
    }
    return await readDocument(address, response)
  }
}

async function readDocument(
  address: Address,
  response: Dispatcher.ResponseData,
): Promise<PlaylistDocument | undefined> {
  const contentType = (headerText(response, 'content-type') ?? '').split(';', 1)[0].trim().toLowerCase()
  const hints = { contentType, path: address.url.pathname }
  const parts: Uint8Array[] = []
  let length = 0
  let probed = false
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    parts.push(part)
    length += part.length
    if (!probed && length >= PLAYLIST_PROBE_BYTES) {
      probed = true
      const head = Buffer.concat(parts)
      if (!isGzip(head) && !detectPlaylist(head, hints)) return undefined
    }
    if (length > MAX_PLAYLIST_BYTES) throw tooLargeError(address.url)
  }
  const bytes = unpacked(Buffer.concat(parts), address.url)
  return detectPlaylist(bytes, hints) ? { ...address, bytes, contentType } : undefined
}

/** The error of a playlist that does not end. */
export function tooLargeError(url: URL): SourceError {
  const message = `the playlist ${redactUrl(url)} is larger than ${MAX_PLAYLIST_BYTES / 1024} KB`
  return new SourceError('ISR_SOURCE_REFUSED', message)
}

/** Packed although we asked for `identity`. */
function unpacked(bytes: Uint8Array, url: URL): Uint8Array {
  if (!isGzip(bytes)) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_PLAYLIST_BYTES })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLargeError(url)
    return bytes
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

function headerText(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name]
  return Array.isArray(value) ? value[0] : value
}
