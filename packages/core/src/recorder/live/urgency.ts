import type { Connection } from '../../sources/source.js'

/** How long a connection collects what arrives. */
const REST_MS = 1000
/** Where nobody has asked for files to be on disk within seconds: fewer wake-ups are most of what few streams can save. */
const LONG_REST_MS = 4000
/** So often audio must come within the time after which a source counts as stalled. */
const RESTS = 4

/**
 * How long a connection may collect what arrives while nobody waits for it, in milliseconds.
 * @param syncSeconds - how often files are made durable; 0: that is left to the system
 * @param stallTimeoutMs - too little audio for this long counts as a disconnect
 */
export function restMs(syncSeconds: number | undefined, stallTimeoutMs: number): number {
  return syncSeconds === 0 && stallTimeoutMs >= RESTS * LONG_REST_MS ? LONG_REST_MS : REST_MS
}

/** Of the event loop, in which a socket is found to be readable, is read, and what TLS gave in parts goes on as one. */
const GATHERING_TURNS = 3

/** Who may be waiting for every byte. */
export type Waiting = 'listeners' | 'levels'

/** Knows who cannot wait until a source has collected some seconds of bytes, and tells the connection of it. */
export class Urgency {
  readonly #restMs: number
  readonly #waiting = new Set<Waiting>()
  #connection: Pick<Connection, 'mayWait'> | undefined

  /** @param restMs - how long a connection may collect while nobody waits */
  constructor(restMs: number) {
    this.#restMs = restMs
  }

  /** Where the bytes come from now. */
  follow(connection: Pick<Connection, 'mayWait'>): void {
    this.#connection = connection
    this.#tell()
  }

  /** Whether these are waiting. */
  set(who: Waiting, areWaiting: boolean): void {
    const wasUrgent = this.#waiting.size > 0
    if (areWaiting) this.#waiting.add(who)
    else this.#waiting.delete(who)
    if (wasUrgent !== this.#waiting.size > 0) this.#tell()
  }

  /** The end is near: what has arrived comes now. @returns undefined when none of it can be waiting */
  gather(): Promise<void> | undefined {
    if (!this.#connection?.mayWait) return undefined
    this.#tell(0)
    return turns(GATHERING_TURNS)
  }

  #tell(mostMs = this.#waiting.size > 0 ? 0 : this.#restMs): void {
    try {
      this.#connection?.mayWait?.(mostMs)
    } catch {
      // then it comes as it comes
    }
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => void setImmediate(resolve))
}
