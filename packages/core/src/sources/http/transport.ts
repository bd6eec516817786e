import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls, rootCertificates } from 'node:tls'

import type { Clock } from '../../time/clock.js'
import { ArrivalQueue } from '../arrival-queue.js'
import type { Arrival } from '../arrival-queue.js'
import { stoppedError } from '../source-error.js'
import { transportError } from './transport-error.js'
import type { TransportPhase } from './transport-error.js'

/** Node's 250 ms for each address of a host give up on stations far away. */
const ADDRESS_ATTEMPT_MS = 2500

/** One open byte pipe. How it is read from the kernel is its own business. */
export interface Wire {
  /** Sends text. */
  write(text: string): void
  /**
   * The next bytes; `undefined` once the other side, or `close`, has ended it. One call at a time.
   * @throws {@link SourceError} `ISR_SOURCE_RESET` when it broke, after all that arrived before was read
   */
  read(): Promise<Arrival | undefined>
  /** Puts back what was read too far. */
  unread(arrival: Arrival): void
  /** Ends it; what has arrived stays readable. Resolves when the socket is gone. Idempotent. */
  close(): Promise<void>
  /** Whether `close` was called. */
  readonly closedHere: boolean
  /** Forgets what has arrived. */
  clear(): void
}

/** Where to connect. */
interface WireTarget {
  /** An http or https URL. */
  readonly url: URL
  /** PEM certificates trusted beside the well-known ones. */
  readonly trustedCertificates?: readonly string[]
}

/**
 * Opens a TCP or verified TLS connection.
 * @throws {@link SourceError} `ISR_SOURCE_UNREACHABLE`, `ISR_SOURCE_TLS`, `ISR_SOURCE_RESET`, or `ISR_STOPPED` after an abort
 */
export function openWire(target: WireTarget, signal: AbortSignal, clock: Clock): Promise<Wire> {
  if (signal.aborted) return Promise.reject(stoppedError())
  const wire = new SocketWire(openSocket(target), target.url, clock)
  const abort = () => void wire.close()
  signal.addEventListener('abort', abort, { once: true })
  return wire.opened.finally(() => signal.removeEventListener('abort', abort))
}

function openSocket({ url, trustedCertificates }: WireTarget): Socket {
  const host = hostOf(url)
  const secure = url.protocol === 'https:'
  const port = Number(url.port) || (secure ? 443 : 80)
  const where = { host, port, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS }
  if (!secure) return connectTcp(where)
  return connectTls({
    ...where,
    servername: isIP(host) ? '' : host,
    // Explicit: NODE_TLS_REJECT_UNAUTHORIZED=0 changes the default.
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
    ...certificateOptions(trustedCertificates),
  })
}

/** TLS options for certificates trusted beside the well-known ones. */
export function certificateOptions(trusted: readonly string[] | undefined): { ca?: string[] } {
  return trusted?.length ? { ca: [...rootCertificates, ...trusted] } : {}
}

/** Host as the resolver wants it: IPv6 without brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

class SocketWire implements Wire {
  /** Resolves once bytes can be sent. */
  readonly opened: Promise<Wire>
  readonly #socket: Socket
  readonly #queue: ArrivalQueue
  readonly #closed: Promise<void>
  #phase: TransportPhase = 'connecting'
  #closedHere = false

  constructor(socket: Socket, url: URL, clock: Clock) {
    this.#socket = socket
    this.#queue = new ArrivalQueue({ pause: () => socket.pause(), resume: () => socket.resume() })
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()))
    this.opened = new Promise((resolve, reject) => {
      const secure = url.protocol === 'https:'
      const open = () => {
        this.#phase = 'open'
        resolve(this)
      }
      socket.once('connect', () => (secure ? (this.#phase = 'handshake') : open()))
      if (secure) socket.once('secureConnect', open)
      // Listens to the very end: a late error without a listener would end the process.
      socket.on('error', (error) => {
        const fault = transportError(error, url.host, this.#phase)
        reject(fault)
        this.#queue.end(fault)
      })
      socket.once('close', () => {
        reject(stoppedError())
        this.#queue.end()
      })
    })
    socket.on('data', (bytes) => this.#queue.push(bytes, clock.monotonicMs()))
    socket.once('end', () => this.#queue.end())
  }

  write(text: string): void {
    this.#socket.write(text, 'latin1')
  }

  read(): Promise<Arrival | undefined> {
    return this.#queue.read()
  }

  unread(arrival: Arrival): void {
    this.#queue.unread(arrival)
  }

  get closedHere(): boolean {
    return this.#closedHere
  }

  close(): Promise<void> {
    this.#closedHere = true
    this.#queue.end()
    this.#socket.destroy()
    return this.#closed
  }

  clear(): void {
    this.#queue.clear()
  }
}
