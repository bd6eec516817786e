import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

import { FaultConnection } from './fault-connection.js'

/** What the server does with one connection. Runs once its request head has arrived; when it returns, the connection stays as it is. */
export type FaultScript = (connection: FaultConnection) => unknown

/** Settings of a {@link FaultServer}. */
export interface FaultServerOptions {
  /** When the script runs: once the request head has arrived, or as soon as somebody connects. @defaultValue `'request'` */
  readonly answer?: 'request' | 'connect'
  /** Speaks TLS with this key and certificate, both PEM. @defaultValue plain TCP */
  readonly tls?: {
    /** Private key. */
    readonly key: string
    /** Certificate. */
    readonly cert: string
  }
  /** Address to listen on. @defaultValue `'127.0.0.1'` */
  readonly host?: string
  /** Port to listen on. @defaultValue any free one */
  readonly port?: number
}

/**
 * A TCP server that says exactly what a test tells it to, byte by byte, and remembers what it really sent: for testing recorders
 * and sources against everything a station may do.
 *
 * @example
 * ```ts
 * await using server = await FaultServer.start(async (connection) => {
 *   await connection.respond({ 'content-type': 'audio/mpeg' })
 *   await connection.write(audio)
 *   connection.reset()
 * })
 * const source = new HttpSource({ url: server.url })
 * ```
 */
export class FaultServer implements AsyncDisposable {
  /** What to do with the next connections; may be replaced at any time. Of a list, the n-th connection gets the n-th, later ones the last. */
  script: FaultScript | readonly FaultScript[]
  /** Every connection ever accepted, in order. */
  readonly connections: FaultConnection[] = []
  /** What scripts threw. */
  readonly scriptErrors: unknown[] = []
  readonly #options: FaultServerOptions
  readonly #waiters = new Set<() => void>()
  #server: Server | undefined
  #port: number

  private constructor(script: FaultScript | readonly FaultScript[], options: FaultServerOptions) {
    this.script = script
    this.#options = options
    this.#port = options.port ?? 0
  }

  /** Starts a server on a free port. */
  static async start(
    script: FaultScript | readonly FaultScript[],
    options: FaultServerOptions = {},
  ): Promise<FaultServer> {
    const server = new FaultServer(script, options)
    await server.listen()
    return server
  }

  /** Address of the server, ending in `/`. */
  get url(): string {
    const host = this.#options.host ?? '127.0.0.1'
    const name = host.includes(':') ? `[${host}]` : host
    return `${this.#options.tls ? 'https' : 'http'}://${name}:${this.#port}/`
  }

  /** Port; it stays the same over `refuse` and `listen`. */
  get port(): number {
    return this.#port
  }

  /** Connections that are not closed yet. */
  get openConnections(): number {
    return this.connections.filter((connection) => !connection.isClosed).length
  }

  /** Accepts connections (again). */
  async listen(): Promise<void> {
    if (this.#server) return
    const accept = (socket: Socket) => this.#accept(socket)
    const { tls, host = '127.0.0.1' } = this.#options
    const server = tls ? createTlsServer({ ...tls }, accept) : createServer(accept)
    // Clients that refuse our certificate are no error of the server.
    server.on('tlsClientError', () => {})
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, host, resolve)
    })
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  /** Refuses new connections until `listen`; those that are open stay. */
  refuse(): void {
    this.#server?.close()
    this.#server = undefined
  }

  /** The n-th connection, counted from 0; waits for it. */
  async connection(index: number): Promise<FaultConnection> {
    await this.#until(() => this.connections.length > index)
    return this.connections[index]
  }

  /** Waits until every connection is closed: nobody leaks a socket. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.closed))
  }

  /** Stops and resets every open connection. */
  async close(): Promise<void> {
    this.refuse()
    for (const connection of this.connections) connection.reset()
    await this.whenIdle()
  }

  /** Closes every connection and stops listening. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #accept(socket: Socket): void {
    const connection = new FaultConnection(socket, this.connections.length)
    this.connections.push(connection)
    void this.#run(connection)
    for (const wake of this.#waiters) wake()
  }

  async #run(connection: FaultConnection): Promise<void> {
    try {
      if (this.#options.answer !== 'connect' && !(await connection.requestArrived())) return
      const { script } = this
      const chosen = typeof script === 'function' ? script : script[Math.min(connection.index, script.length - 1)]
      await chosen?.(connection)
    } catch (error) {
      this.scriptErrors.push(error)
      connection.reset()
    }
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        if (!condition()) return
        this.#waiters.delete(wake)
        resolve()
      }
      this.#waiters.add(wake)
      wake()
    })
  }
}
