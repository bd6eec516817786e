import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigError } from '@isr/core'
import { IsrApp, type AppOptions } from './app.js'
import { answerConnectionFaults } from './http/connection-faults.js'
import { listen } from './http/listen.js'

/** Options of an {@link IsrServer}. */
export interface ServerOptions extends AppOptions {
  /** Address to listen at. @defaultValue `127.0.0.1` */
  readonly host?: string
  /** Port; 0 takes any free one. @defaultValue 8080 */
  readonly port?: number
  /** Whether it may listen beyond this machine without a token. @defaultValue false */
  readonly insecure?: boolean
  /** How long a client may take to send a request, its body included, in milliseconds. @defaultValue 10000 */
  readonly requestTimeoutMs?: number
}

/** Slow senders of headers and bodies are not waited for. */
const REQUEST_TIMEOUT_MS = 10_000
/** A player that pauses stops reading; when it goes on much later, it asks anew. */
const IDLE_MS = 15 * 60_000
/** Descriptors are for recordings first. */
const MAX_CONNECTIONS = 1024
const HEADER_BYTES = 16 * 1024

/** An {@link IsrApp} behind an HTTP server of its own. */
export class IsrServer implements AsyncDisposable {
  /** What it serves. */
  readonly app: IsrApp
  readonly #server: Server
  readonly #host: string
  readonly #path: string

  private constructor(app: IsrApp, server: Server, host: string, basePath: string) {
    this.#path = basePath && `${basePath}/`
    this.app = app
    this.#server = server
    this.#host = host
  }

  /**
   * Listens. Resolves when it answers.
   * @throws {@link ConfigError} when it would be open to other machines without a token; `ISR_LISTEN_FAILED` when the port is taken
   */
  static async start(options: ServerOptions): Promise<IsrServer> {
    const { host = '127.0.0.1', port = 8080, token, insecure = false, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options
    if (!isLoopback(host) && token === undefined && !insecure)
      throw new ConfigError(
        'ISR_CONFIG_INVALID',
        `refuses to listen at ${host} without a token: give --token, or --insecure to let everybody in`,
      )
    const app = await IsrApp.open(options)
    const server = createServer(
      {
        maxHeaderSize: HEADER_BYTES,
        requestTimeout: requestTimeoutMs,
        headersTimeout: requestTimeoutMs,
        // Node looks every 30 s by itself, and waits that much longer
        connectionsCheckingInterval: Math.min(1000, requestTimeoutMs / 4),
        // the guard answers whoever sends none, in JSON
        requireHostHeader: false,
      },
      app.handle,
    )
    server.timeout = IDLE_MS
    server.maxConnections = MAX_CONNECTIONS
    answerConnectionFaults(server)
    try {
      await listen(server, port, host)
    } catch (error) {
      await app.close()
      throw error
    }
    return new IsrServer(app, server, host, options.basePath ?? '')
  }

  /** Where it answers. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${port}${this.#path}`
  }

  /** Ends: no new requests, connections that are idle or stream for ever are closed. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
    await this.app.close()
  }

  /** Same as `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
