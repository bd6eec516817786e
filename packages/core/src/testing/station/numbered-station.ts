import { systemClock } from '../../time/clock.js'
import { FaultServer, type FaultServerOptions } from '../fault-server.js'
import type { NumberedFormat, NumberedStream } from '../numbered/numbered-stream.js'
import { numberedStream } from '../numbered/open-numbered-stream.js'
import { Broadcast } from './broadcast.js'
import { Listener } from './listener.js'
import type { SentLog } from './sent-log.js'

/** What a station does with one listener. When it returns, the connection stays as it is. */
export type StationScript = (listener: Listener) => unknown

/** A good station: plays until the listener goes. */
export const onAir: StationScript = async (listener) => {
  await listener.greet()
  await listener.play()
}

/** Settings of a {@link NumberedStation}. */
export interface NumberedStationOptions extends FaultServerOptions {
  /** What is on air: a stream, or station 0 of a format. @defaultValue `'mp3'` */
  readonly stream?: NumberedStream | NumberedFormat
  /** Seconds of the past that a new listener gets at once, as icecast sends them. @defaultValue 0 */
  readonly burstSeconds?: number
  /** Seconds of audio per second of time. @defaultValue 1 */
  readonly speed?: number
  /** How often new audio goes out, in milliseconds. @defaultValue 50 */
  readonly everyMs?: number
  /** What it does with its listeners: of a list, the n-th gets the n-th, later ones the last. @defaultValue {@link onAir} */
  readonly script?: StationScript | readonly StationScript[]
}

/**
 * A radio station that plays numbered frames on a live timeline, to any number of listeners, does to them what a script tells it, and remembers
 * by frame what each was really sent. With {@link compareRecordings} it tells to the frame what a recorder lost.
 *
 * @example
 * ```ts
 * await using station = await NumberedStation.start({ stream: 'opus', burstSeconds: 2, script: STREAM_FAULTS.reset.scripts })
 * await using recorder = new Recorder({ source: station.url, storage: 'recordings' })
 * ```
 */
export class NumberedStation implements AsyncDisposable {
  /** The server beneath: its connections, `refuse` and `listen`. */
  readonly server: FaultServer
  /** Every listener ever, in order. */
  readonly listeners: Listener[] = []
  /** What to do with the next listeners; may be replaced at any time. */
  script: StationScript | readonly StationScript[]
  readonly #options: NumberedStationOptions
  #broadcast: Broadcast

  private constructor(server: FaultServer, options: NumberedStationOptions) {
    this.server = server
    this.#options = options
    this.script = options.script ?? onAir
    this.#broadcast = this.#broadcastOf(options.stream ?? 'mp3')
  }

  /** Starts a station on a free port. */
  static async start(options: NumberedStationOptions = {}): Promise<NumberedStation> {
    const server = await FaultServer.start([], options)
    const station = new NumberedStation(server, options)
    server.script = (connection) => {
      const listener = new Listener(connection, () => station.#broadcast, options.burstSeconds ?? 0)
      const { script } = station
      const index = station.listeners.push(listener) - 1
      const chosen = typeof script === 'function' ? script : script[Math.min(index, script.length - 1)]
      return chosen?.(listener)
    }
    return station
  }

  /** Address of the station. */
  get url(): string {
    return this.server.url
  }

  /** What is on air. */
  get stream(): NumberedStream {
    return this.#broadcast.stream
  }

  /** What each listener was sent, in the order in which they came. */
  get sent(): readonly SentLog[] {
    return this.listeners.map((listener) => listener.sent)
  }

  /** Another stream goes on air: another codec, rate, or serial number. Listeners get its headers and what is new. */
  change(stream: NumberedStream): void {
    this.#broadcast = this.#broadcastOf(stream)
  }

  /** Off the air for so long, in milliseconds: listeners are cut off (RST), new ones refused. */
  async outage(durationMs: number): Promise<void> {
    this.server.refuse()
    for (const listener of this.listeners) if (!listener.connection.isClosed) listener.reset()
    await new Promise<void>((resolve) => systemClock.after(durationMs, resolve))
    await this.server.listen()
  }

  /** Stops and resets every open connection. */
  close(): Promise<void> {
    return this.server.close()
  }

  /** Stops and resets every open connection. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #broadcastOf(stream: NumberedStream | NumberedFormat): Broadcast {
    const { speed = 1, everyMs = 50 } = this.#options
    return new Broadcast({
      stream: typeof stream === 'string' ? numberedStream(stream) : stream,
      speed,
      everyMs,
      clock: systemClock,
    })
  }
}
