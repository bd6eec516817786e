import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import { concatBytes } from '../bytes/concat.js'
import { sleep, systemClock } from '../time/clock.js'

/** A request as it arrived. */
export interface FaultRequest {
  /** For example `GET`. */
  readonly method: string
  /** For example `/live?x=1`. */
  readonly path: string
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** The whole head, latin1. */
  readonly raw: string
}

/** One client of a {@link FaultServer}. Nothing here throws when the client has gone: look at what `write` gives. */
export class FaultConnection {
  /** Position among all connections of the server, from 0. */
  readonly index: number
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>
  readonly #socket: Socket
  readonly #arrived: Promise<boolean>
  readonly #gone = new AbortController()
  /** Writes whose end is awaited; a socket that closes does not answer all of them. */
  readonly #writing = new Set<(sent: boolean) => void>()
  #received = ''
  #request: FaultRequest | undefined
  #sentBytes = 0
  #body: Uint8Array[] = []

  /** Made by the server. */
  constructor(socket: Socket, index: number) {
    this.index = index
    this.#socket = socket
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.once('close', () => {
      this.#gone.abort()
      for (const settle of this.#writing) settle(false)
    })
    socket.setNoDelay(true)
    socket.on('error', () => {})
    this.#arrived = new Promise((resolve) => {
      socket.on('data', (bytes: Uint8Array) => {
        if (this.#take(bytes)) resolve(true)
      })
      socket.once('close', () => resolve(false))
    })
  }

  /** Whether the connection is closed. */
  get isClosed(): boolean {
    return this.#gone.signal.aborted
  }

  /** Aborts when the connection is closed: for loops that send until then. */
  get signal(): AbortSignal {
    return this.#gone.signal
  }

  /** The request. It has arrived when the script runs, unless the server answers at `connect`. */
  get request(): FaultRequest {
    if (!this.#request) throw new Error('the request has not arrived yet')
    return this.#request
  }

  /** Waits for the request head; false when the client left before. */
  requestArrived(): Promise<boolean> {
    return this.#arrived
  }

  /** Bytes handed to the kernel so far, heads included. */
  get sentBytes(): number {
    return this.#sentBytes
  }

  /** What `write` has handed to the kernel so far, heads of `respond` excluded. */
  get sentBody(): Uint8Array {
    this.#body = [concatBytes(this.#body)]
    return this.#body[0]
  }

  /** Sends a response head that ends in an empty line. */
  respond(headers: Readonly<Record<string, string>> = {}, statusLine = 'HTTP/1.0 200 OK'): Promise<boolean> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    return this.send(Buffer.from(`${statusLine}\r\n${lines.join('')}\r\n`, 'latin1'))
  }

  /**
   * Sends bytes, or text as latin1, exactly as given. Resolves true once the kernel has them: not before the client reads when it
   * is slow; false when the client has gone.
   */
  async write(data: Uint8Array | string): Promise<boolean> {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
    const sent = await this.send(bytes)
    if (sent) this.#body.push(bytes)
    return sent
  }

  /** Sends each piece, `everyMs` apart on a steady timeline, until all are sent or the client has gone. */
  async stream(pieces: Iterable<Uint8Array | string>, everyMs: number): Promise<void> {
    let dueMs = systemClock.monotonicMs()
    for (const piece of pieces) {
      if (!(await this.write(piece))) return
      dueMs += everyMs
      await this.pause(dueMs - systemClock.monotonicMs())
    }
  }

  /** Says nothing for this long, in milliseconds of real time; less when the client goes. */
  pause(durationMs: number): Promise<void> {
    return sleep(systemClock, durationMs, this.#gone.signal)
  }

  /** Ends the connection as a server does that is done (FIN). */
  async end(): Promise<void> {
    this.#socket.end()
    await this.closed
  }

  /** Breaks the connection: RST, or with TLS an end without notice. */
  reset(): void {
    if (this.#socket.destroyed) return
    if (this.#socket instanceof TLSSocket) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }

  /** As `write`, but `sentBody` does not remember it: for streams that go on for hours. */
  send(bytes: Uint8Array): Promise<boolean> {
    const socket = this.#socket
    return new Promise((resolve) => {
      const settle = (sent: boolean) => {
        if (this.#writing.delete(settle) && sent) this.#sentBytes += bytes.length
        resolve(sent)
      }
      if (socket.destroyed || socket.writableEnded) return settle(false)
      this.#writing.add(settle)
      socket.write(bytes, (error) => settle(!error && !socket.destroyed))
    })
  }

  /** Whether the request head is complete. */
  #take(bytes: Uint8Array): boolean {
    if (this.#request) return true
    this.#received += Buffer.from(bytes).toString('latin1')
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return false
    const raw = this.#received.slice(0, end)
    const [line, ...fields] = raw.split('\r\n')
    const [method, path] = line.split(' ')
    const headers = fields.map((field) => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
    })
    this.#request = { method, path, headers: Object.fromEntries(headers) as Record<string, string>, raw }
    return true
  }
}
