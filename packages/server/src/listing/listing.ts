import { randomBytes } from 'node:crypto'
import type { Library, LibraryEntry, LibraryQuery } from '@isr/core'
import type { AnalysisIndex } from '../review/analyses/analysis-index.js'
import type { KeptAnalysis } from '../review/analyses/kept-analysis.js'
import { fileRow } from './file-row.js'

/** A list, ready to be sent. */
export interface ListBody {
  /** JSON. */
  readonly bytes: Buffer
  /** Weak validator with its quotes; changes with every change of the library. */
  readonly etag: string
}

interface Row {
  readonly analysis: KeptAnalysis | undefined
  readonly text: string
}

const MAX_KEPT = 8
/** Lists as long as this wait for analyses to be read. */
const PAGE = 500

/** Lists of recordings as JSON: each row is written once, each list once for each version of the library and the analyses. */
export class Listing {
  readonly #library: Library
  readonly #analyses: AnalysisIndex
  readonly #rows = new WeakMap<LibraryEntry, Row>()
  readonly #bodies = new Map<string, ListBody>()
  /** Versions begin anew with each start of the server. */
  readonly #era = randomBytes(6).toString('base64url')
  #listed = ''

  /**
   * @param library - what is listed
   * @param analyses - what is told of each beside
   */
  constructor(library: Library, analyses: AnalysisIndex) {
    this.#library = library
    this.#analyses = analyses
  }

  /** Names the library as it is now: what was sent with it is still true. */
  get etag(): string {
    return `W/"${this.#era}-${this.#library.version}-${this.#analyses.version}"`
  }

  /**
   * Reads the analyses of a page; those of a long list are read in the background, and the list changes then.
   * @param query - what is looked for
   */
  async list(query: LibraryQuery): Promise<ListBody> {
    const known = this.#known(query)
    if (known) return known
    const { entries } = this.#library.find(query)
    if (entries.length <= PAGE) await this.#analyses.read(entries)
    else this.#analyses.readLater(entries)
    return this.#known(query) ?? this.#make(query)
  }

  #known(query: LibraryQuery): ListBody | undefined {
    const { etag } = this
    if (this.#listed !== etag) this.#bodies.clear()
    this.#listed = etag
    return this.#bodies.get(JSON.stringify(query))
  }

  #make(query: LibraryQuery): ListBody {
    const { entries, total } = this.#library.find(query)
    const rows = entries.map((entry) => this.#row(entry)).join(',')
    const body = { bytes: Buffer.from(`{"files":[${rows}],"total":${total}}`), etag: this.etag }
    const [oldest] = this.#bodies.keys()
    if (this.#bodies.size >= MAX_KEPT && oldest !== undefined) this.#bodies.delete(oldest)
    this.#bodies.set(JSON.stringify(query), body)
    return body
  }

  #row(entry: LibraryEntry): string {
    const analysis = this.#analyses.get(entry)
    const known = this.#rows.get(entry)
    if (known && known.analysis === analysis) return known.text
    const text = JSON.stringify(fileRow(entry, analysis))
    this.#rows.set(entry, { analysis, text })
    return text
  }
}
