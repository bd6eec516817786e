import type { Connection } from '../../sources/source.js'

/** Who may be waiting for every byte. */
export type Waiting = 'listeners' | 'levels'

/** Knows who cannot wait until a source has collected a second of bytes, and tells the connection of it. */
export class Urgency {
  readonly #waiting = new Set<Waiting>()
  #connection: Pick<Connection, 'urgent'> | undefined

  /** Where the bytes come from now. */
  follow(connection: Pick<Connection, 'urgent'>): void {
    this.#connection = connection
    if (this.#waiting.size > 0) this.#tell()
  }

  /** Whether these are waiting. */
  set(who: Waiting, areWaiting: boolean): void {
    const wasUrgent = this.#waiting.size > 0
    if (areWaiting) this.#waiting.add(who)
    else this.#waiting.delete(who)
    if (wasUrgent !== this.#waiting.size > 0) this.#tell()
  }

  #tell(): void {
    try {
      this.#connection?.urgent?.(this.#waiting.size > 0)
    } catch {
      // then it comes as it comes
    }
  }
}
