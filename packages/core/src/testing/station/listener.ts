import { systemClock } from '../../time/clock.js'
import type { FaultConnection } from '../fault-connection.js'
import type { NumberedStream } from '../numbered/numbered-stream.js'
import type { Broadcast } from './broadcast.js'
import { SentLog } from './sent-log.js'

/** How the bytes of a body travel: chunked, compressed, with titles between them. One object per connection. */
export interface BodyCoding {
  /** Audio in, body out. */
  encode(audio: Uint8Array): Uint8Array
  /** What follows the last byte of audio when the body ends as it should. Default nothing. */
  end?(): Uint8Array
}

/** How long to play, and how. */
export interface PlayOptions {
  /** Seconds of the station's time; `0` sends the burst alone. @defaultValue until the listener goes */
  readonly seconds?: number
  /** Seconds of the past that come at once, the first time. @defaultValue those of the station */
  readonly burstSeconds?: number
}

/** One listener of a {@link NumberedStation}, as its script sees it. Nothing here throws when the listener has gone. */
export class Listener {
  /** The connection, to say on it whatever no method here says. */
  readonly connection: FaultConnection
  /** What it was really sent. */
  readonly sent: SentLog
  /** How the body travels. @defaultValue as it is */
  coding: BodyCoding | undefined
  readonly #station: () => Broadcast
  readonly #burstSeconds: number
  /** What its audio comes from; another one when the station changed. */
  #broadcast: Broadcast | undefined
  #next = 0
  /** Bytes of unit `#next` that have been sent already. */
  #sentOfNext = 0

  /** Made by the station. */
  constructor(connection: FaultConnection, station: () => Broadcast, burstSeconds: number) {
    this.connection = connection
    this.sent = new SentLog(connection.index)
    this.#station = station
    this.#burstSeconds = burstSeconds
    void connection.closed.then(() => {
      this.sent.endedAtMs = systemClock.monotonicMs()
      this.sent.endedBy ??= 'listener'
    })
  }

  /** What the station plays now. */
  get stream(): NumberedStream {
    return this.#station().stream
  }

  /** Sends a good head: `200 OK` with the type of the stream, and whatever is given. */
  greet(headers: Readonly<Record<string, string>> = {}, statusLine = 'HTTP/1.0 200 OK'): Promise<boolean> {
    return this.connection.respond({ 'content-type': this.stream.contentType, ...headers }, statusLine)
  }

  /**
   * Plays on air: the first time codec headers and burst, then what is new, as it is new. Called again it goes on with the frame that is
   * due, so that nothing is missing; what came late meanwhile comes at once. When the station's stream was changed, the new one begins.
   */
  async play({ seconds = Infinity, burstSeconds = this.#burstSeconds }: PlayOptions = {}): Promise<void> {
    let broadcast = await this.#tuneIn(burstSeconds)
    const untilMs = systemClock.monotonicMs() + seconds * 1000
    for (;;) {
      await this.#sendTo(broadcast, broadcast.nextUnit)
      if (this.connection.isClosed || systemClock.monotonicMs() >= untilMs) return
      await broadcast.tick()
      broadcast = await this.#tuneIn(0)
    }
  }

  /** Sends a part of the frame or page that is due, 0 to 1; `play` goes on behind it. */
  async playPart(part: number): Promise<void> {
    const broadcast = await this.#tuneIn(0)
    const unit = broadcast.units(this.#next, this.#next + 1)
    const bytes = Math.max(1, Math.floor(unit.length * part))
    if (await this.#write(unit.subarray(this.#sentOfNext, bytes))) this.#sentOfNext = bytes
  }

  /** Leaves out everything up to what is on air now, as a server does whose listener was too slow. */
  skipToLive(): void {
    if (!this.#broadcast) return
    this.#next = this.#broadcast.nextUnit
    this.#sentOfNext = 0
  }

  /** Says nothing for so long. */
  stall(seconds: number): Promise<void> {
    return this.connection.pause(seconds * 1000)
  }

  /** Ends as a body should end, then FIN. */
  async end(): Promise<void> {
    this.sent.endedBy ??= 'station'
    const tail = this.coding?.end?.()
    if (tail) await this.connection.write(tail)
    await this.connection.end()
  }

  /** FIN, wherever the body is. */
  async hangUp(): Promise<void> {
    this.sent.endedBy ??= 'station'
    await this.connection.end()
  }

  /** RST. */
  reset(): void {
    this.sent.endedBy ??= 'station'
    this.connection.reset()
  }

  async #tuneIn(burstSeconds: number): Promise<Broadcast> {
    const station = this.#station()
    if (this.#broadcast !== station) {
      this.#broadcast = station
      this.#next = station.firstUnit(burstSeconds)
      this.#sentOfNext = 0
      const head = station.stream.head()
      if (head.length > 0) await this.#write(head)
    }
    return station
  }

  async #sendTo(broadcast: Broadcast, to: number): Promise<void> {
    const from = this.#next
    if (to <= from) return
    const bytes = broadcast.units(from, to)
    if (!(await this.#write(bytes.subarray(this.#sentOfNext)))) return
    this.#sentOfNext = 0
    this.#next = to
    const { framesPerUnit } = broadcast.stream
    this.sent.add(broadcast.stream, from * framesPerUnit, to * framesPerUnit, systemClock.monotonicMs())
  }

  #write(audio: Uint8Array): Promise<boolean> {
    return this.connection.send(this.coding ? this.coding.encode(audio) : audio)
  }
}
