import { randomBytes } from 'node:crypto'
import { plainField, RECORDER_EVENTS, type Library, type LibraryEntry, type RecorderEvents } from '@isr/core'
import type { StationView } from '../station-view.js'
import { withoutPaths } from '../http/http-error.js'
import type { FileRow } from '../api/recordings.js'

/** An event as it is sent. */
export interface SentEvent {
  /** Its id, for whoever comes back; empty for levels, which are not kept. */
  readonly id: string
  /** The lines of `text/event-stream`. */
  readonly text: string
}

/** Somebody who listens. */
export interface EventListener {
  /** Whether levels are wanted as well. */
  readonly levels: boolean
  /** Takes the next event. */
  take(event: SentEvent): void
}

/** Enough for a few minutes of a large station without its levels. */
const MAX_KEPT = 2000

/** Everything that recorder and library announce, numbered and kept for a while, so that a client that comes back misses nothing. */
export class EventHub {
  readonly #listeners = new Set<EventListener>()
  /** Numbers begin anew with each start of the server. */
  readonly #era = randomBytes(6).toString('base64url')
  #kept: SentEvent[] = []
  #first = 1
  #unlisten: () => void = () => {}
  readonly #station: StationView | undefined

  /**
   * @param library - announces recordings
   * @param station - announces everything else
   * @param rowOf - a recording as lists tell of it
   */
  constructor(library: Library, station: StationView | undefined, rowOf: (entry: LibraryEntry) => FileRow) {
    library.on('added', (entry) => this.#keep('library:added', rowOf(entry)))
    library.on('changed', (entry) => this.#keep('library:changed', rowOf(entry)))
    library.on('removed', ({ name, source }) => this.#keep('library:removed', { name, source }))
    library.on('fault', ({ error }) => this.#keep('library:fault', { error }))
    this.#station = station
    for (const name of RECORDER_EVENTS)
      if (name !== 'level')
        station?.on(name, (event: Parameters<RecorderEvents[typeof name]>[0]) => this.#keep(name, event))
  }

  /** Tells everybody who listens of something else. */
  announce(name: string, data: object): void {
    this.#keep(name, data)
  }

  /**
   * Sends what was missed, then what comes.
   * @param lastId - of the last event that is known there; undefined: only what comes
   * @returns ends it
   */
  listen(listener: EventListener, lastId?: string): () => void {
    this.#catchUp(listener, lastId)
    this.#listeners.add(listener)
    this.#followLevels()
    return () => {
      this.#listeners.delete(listener)
      this.#followLevels()
    }
  }

  #catchUp(listener: EventListener, lastId: string | undefined): void {
    if (lastId === undefined) return
    const [era, number] = lastId.split('.')
    const next = Number(number) + 1
    const isKnown = era === this.#era && next >= this.#first && next <= this.#first + this.#kept.length
    // what was missed is not known any more: whoever listens asks for everything anew
    if (!isKnown) return listener.take({ id: '', text: 'event: reset\ndata: {}\n\n' })
    for (const event of this.#kept.slice(next - this.#first)) listener.take(event)
  }

  #keep(name: string, data: object): void {
    const id = `${this.#era}.${this.#first + this.#kept.length}`
    const event = { id, text: `id: ${id}\n${lines(name, data)}` }
    this.#kept.push(event)
    if (this.#kept.length > MAX_KEPT) {
      const gone = MAX_KEPT / 4
      this.#kept = this.#kept.slice(gone)
      this.#first += gone
    }
    for (const listener of this.#listeners) listener.take(event)
  }

  /** Levels are measured only while somebody wants them. */
  #followLevels(): void {
    const wanted = [...this.#listeners].some(({ levels }) => levels)
    this.#unlisten()
    this.#unlisten = () => {}
    if (!wanted || !this.#station) return
    const station = this.#station
    const send = (event: Parameters<RecorderEvents['level']>[0]) => {
      const sent = { id: '', text: lines('level', event) }
      for (const listener of this.#listeners) if (listener.levels) listener.take(sent)
    }
    station.on('level', send)
    this.#unlisten = () => void station.off('level', send)
  }
}

/** @source HTML Living Standard §9.2.6 */
function lines(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data, plain)}\n\n`
}

function plain(key: string, value: unknown): unknown {
  // the text of a fault comes by here as well
  if (key === 'message' && typeof value === 'string') return withoutPaths(value)
  return plainField(key, value)
}
