import { randomBytes } from 'node:crypto'
import type { Library, LibraryEntry, LibraryQuery } from '@isr/core'
import { fileRow } from './file-row.js'

/** A list, ready to be sent. */
export interface ListBody {
  /** JSON. */
  readonly bytes: Buffer
  /** Weak validator with its quotes; changes with every change of the library. */
  readonly etag: string
}

const MAX_KEPT = 8

/** Lists of recordings as JSON: each row is written once, each list once for each version of the library. */
export class Listing {
  readonly #library: Library
  readonly #rows = new WeakMap<LibraryEntry, string>()
  readonly #bodies = new Map<string, ListBody>()
  /** Versions begin anew with each start of the server. */
  readonly #era = randomBytes(6).toString('base64url')
  #version = -1

  /** @param library - what is listed */
  constructor(library: Library) {
    this.#library = library
  }

  /** Names the library as it is now: what was sent with it is still true. */
  get etag(): string {
    return `W/"${this.#era}-${this.#library.version}"`
  }

  /** @param query - what is looked for */
  list(query: LibraryQuery): ListBody {
    const { etag } = this
    if (this.#version !== this.#library.version) this.#bodies.clear()
    this.#version = this.#library.version
    const key = JSON.stringify(query)
    const known = this.#bodies.get(key)
    if (known) return known
    const { entries, total } = this.#library.find(query)
    const rows = entries.map((entry) => this.#row(entry)).join(',')
    const body = { bytes: Buffer.from(`{"files":[${rows}],"total":${total}}`), etag }
    const [oldest] = this.#bodies.keys()
    if (this.#bodies.size >= MAX_KEPT && oldest !== undefined) this.#bodies.delete(oldest)
    this.#bodies.set(key, body)
    return body
  }

  #row(entry: LibraryEntry): string {
    const known = this.#rows.get(entry)
    if (known !== undefined) return known
    const row = JSON.stringify(fileRow(entry))
    this.#rows.set(entry, row)
    return row
  }
}
