import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

import type { SourceError } from '../../errors.js'
import type { Clock } from '../../time/clock.js'
import { ArrivalQueue } from '../arrival-queue.js'
import type { Arrival } from '../arrival-queue.js'
import { stoppedError } from '../source-error.js'
import { loadLowWater } from './drain/low-water.js'
import type { LowWater } from './drain/low-water.js'
import { SocketReader } from './drain/socket-reader.js'
import { transportError } from './transport-error.js'
import type { TransportPhase } from './transport-error.js'
import { trust } from './trust.js'

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
  /**
   * Instead of `read`: hands everything over in the turn in which it arrives; where `take` gives a promise, the next waits for it.
   * Resolves at the end. @throws as `read`; what `take` throws
   */
  forEach(take: (arrival: Arrival) => Promise<void> | undefined): Promise<void>
  /** What comes from now on is a live body: it may wait in the kernel until it is cheap to take. */
  relax(): void
  /** How long a live body may wait at most, in milliseconds; less than a second: it is read as it comes. Default 1000. */
  mayWait(mostMs: number): void
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
export async function openWire(target: WireTarget, signal: AbortSignal, clock: Clock): Promise<Wire> {
  const lowWater = await loadLowWater()
  if (signal.aborted) throw stoppedError()
  const wire = new SocketWire(target, clock, lowWater)
  const abort = () => void wire.close()
  signal.addEventListener('abort', abort, { once: true })
  return wire.opened.finally(() => signal.removeEventListener('abort', abort))
}

function openSocket({ url, trustedCertificates }: WireTarget, { onread }: SocketReader): Socket {
  const host = hostOf(url)
  const secure = url.protocol === 'https:'
  const port = Number(url.port) || (secure ? 443 : 80)
  const where = { host, port, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS, onread }
  if (!secure) return connectTcp(where)
  return connectTls({
    ...where,
    servername: isIP(host) ? '' : host,
    // Explicit: NODE_TLS_REJECT_UNAUTHORIZED=0 changes the default.
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
    ...trust(trustedCertificates),
  })
}

/** Host as the resolver wants it: IPv6 without brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

class SocketWire implements Wire {
  /** Resolves once bytes can be sent. */
  readonly opened: Promise<Wire>
  readonly #socket: Socket
  readonly #reader: SocketReader
  readonly #queue: ArrivalQueue
  readonly #closed: Promise<void>
  #phase: TransportPhase = 'connecting'
  #closedHere = false

  constructor(target: WireTarget, clock: Clock, lowWater: LowWater | undefined) {
    const { protocol, host } = target.url
    const secure = protocol === 'https:'
    const reader = new SocketReader({
      clock,
      secure,
      peer: host,
      lowWater,
      onBytes: (bytes, arrivedAtMs) => this.#queue.push(bytes, arrivedAtMs),
    })
    const socket = openSocket(target, reader)
    reader.attach(socket)
    this.#reader = reader
    this.#socket = socket
    this.#queue = new ArrivalQueue({ pause: () => reader.hold(), resume: () => reader.release() })
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()))
    this.opened = new Promise((resolve, reject) => {
      const open = () => {
        this.#phase = 'open'
        resolve(this)
      }
      socket.once('connect', () => (secure ? (this.#phase = 'handshake') : open()))
      if (secure) socket.once('secureConnect', open)
      // Listens to the very end: a late error without a listener would end the process.
      socket.on('error', (error) => {
        const fault = transportError(error, host, this.#phase)
        reject(fault)
        this.#end(fault)
      })
      socket.once('close', () => {
        reject(stoppedError())
        this.#end()
      })
    })
    socket.once('end', () => {
      const fault = lowWater?.fault(socket)
      this.#end(fault && transportError(fault, host, 'open'))
    })
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

  forEach(take: (arrival: Arrival) => Promise<void> | undefined): Promise<void> {
    return this.#queue.forEach(take)
  }

  get closedHere(): boolean {
    return this.#closedHere
  }

  close(): Promise<void> {
    this.#closedHere = true
    this.#end()
    this.#socket.destroy()
    return this.#closed
  }

  relax(): void {
    this.#reader.relax()
  }

  mayWait(mostMs: number): void {
    this.#reader.mayWait(mostMs)
  }

  clear(): void {
    this.#queue.clear()
  }

  #end(fault?: SourceError): void {
    this.#reader.end(this.#closedHere)
    this.#queue.end(fault)
  }
}
