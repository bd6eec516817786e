import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Guard } from '../security/guard.js'
import { SAFE_HEADERS, setHeaders } from '../streaming/answer-file.js'
import type { Streamer } from '../streaming/streamer.js'
import { errorBody, toHttpError, type HttpError } from './http-error.js'

const KINDS = { '/stream/': 'inline', '/download/': 'attachment' } as const

/**
 * Players ask for small parts of recordings many times a second: those requests pass the guard and go straight to the streamer,
 * which is several times cheaper than the way through the application.
 */
export class FastPath {
  readonly #guard: Guard
  readonly #streamer: Streamer
  readonly #onError: (error: HttpError, request: IncomingMessage) => void
  readonly #basePath: string

  /**
   * @param onError - told of what is answered with an error
   * @param basePath - may stand before the paths
   */
  constructor(
    guard: Guard,
    streamer: Streamer,
    onError: (error: HttpError, request: IncomingMessage) => void,
    basePath: string,
  ) {
    this.#basePath = basePath
    this.#guard = guard
    this.#streamer = streamer
    this.#onError = onError
  }

  /** Answers a small part of what was asked for a moment ago, with 206; false when nothing was done. */
  takeSmall(request: IncomingMessage, response: ServerResponse): boolean {
    const { small } = this.#streamer
    const { url = '' } = request
    return small.knows(url) && this.#mayPass(request, url) && small.answer(request, response)
  }

  /** Answers when it is such a request; false when the application must. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const { method } = request
    const url = this.#within(request.url ?? '')
    if (method !== 'GET' && method !== 'HEAD') return false
    const prefix = url.startsWith('/stream/') ? '/stream/' : url.startsWith('/download/') ? '/download/' : undefined
    if (!prefix) return false
    const name = decoded(url.slice(prefix.length).replace(/[?#].*$/s, ''))
    if (name === undefined) return false
    setHeaders(response, SAFE_HEADERS)
    void this.#answer(request, response, name, prefix).catch((error: unknown) => {
      const answer = toHttpError(error)
      this.#onError(answer, request)
      if (response.headersSent) return void response.destroy()
      const body = JSON.stringify(errorBody(answer))
      response.statusCode = answer.status
      response.setHeader('Content-Type', 'application/json; charset=utf-8')
      response.setHeader('Cache-Control', 'no-store')
      response.end(method === 'HEAD' ? undefined : body)
    })
    return true
  }

  /** Who may not is told so on the long way. */
  #mayPass(request: IncomingMessage, path: string): boolean {
    try {
      this.#guard.check(request, path)
      return true
    } catch {
      return false
    }
  }

  #within(url: string): string {
    const { length } = this.#basePath
    return length > 0 && url.startsWith(this.#basePath) && url[length] === '/' ? url.slice(length) : url
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    prefix: keyof typeof KINDS,
  ): Promise<void> {
    this.#guard.check(request, prefix + name)
    await this.#streamer.answer(request, response, name, KINDS[prefix])
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
