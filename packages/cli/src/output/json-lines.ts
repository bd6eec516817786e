import { plainField, type EpochMs, type RecorderEvents } from '@isr/core'
import type { Output } from './output.js'
import type { Redact } from './safe-text.js'
import { isoTime } from './units.js'

/** What JSON allows as it is and yet ends a line for some readers, or steers a terminal. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029]/g

/** Every event as one JSON line: `{"time":"...","event":"gap","source":"radio",...}`; times are ISO 8601 UTC. */
export class JsonLines {
  readonly #output: Output
  readonly #redact: Redact

  constructor(output: Output, redact: Redact) {
    this.#output = output
    this.#redact = redact
  }

  /** Writes one event. */
  event<K extends keyof RecorderEvents>(name: K, time: EpochMs, event: Parameters<RecorderEvents[K]>[0]): void {
    const dropped = this.#output.takeDropped()
    if (dropped > 0) this.#write({ time: isoTime(time), event: 'dropped', lines: dropped })
    this.#write({ time: isoTime(time), event: name, ...event })
  }

  #write(value: object): void {
    const json = JSON.stringify(value, (key, field: unknown) => this.#plain(key, field))
    this.#output.write(`${json.replace(UNSAFE, escaped)}\n`)
  }

  #plain(key: string, value: unknown): unknown {
    return typeof value === 'string' ? this.#redact(value) : plainField(key, value)
  }
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
