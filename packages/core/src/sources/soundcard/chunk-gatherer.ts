import { concatBytes } from '../../bytes/concat.js'
import type { Chunk } from '../../model.js'

/** Makes larger chunks of the small ones that a device gives: each costs a call of the disk. A loss stays where it is. */
export class ChunkGatherer {
  readonly #leastBytes: number
  #pieces: Chunk[] = []
  #bytes = 0

  /** @param leastBytes - a chunk of this size goes on */
  constructor(leastBytes: number) {
    this.#leastBytes = leastBytes
  }

  /** Takes a chunk. @returns what goes on now, in order */
  push(chunk: Chunk): Chunk[] {
    const before = chunk.lossBefore ? this.flush() : []
    this.#pieces.push(chunk)
    this.#bytes += chunk.bytes.length
    return this.#bytes >= this.#leastBytes ? [...before, ...this.flush()] : before
  }

  /** Nothing follows for now: what is gathered goes on. It arrived with its last piece. */
  flush(): Chunk[] {
    const pieces = this.#pieces
    if (pieces.length === 0) return []
    this.#pieces = []
    this.#bytes = 0
    if (pieces.length === 1) return pieces
    const bytes = concatBytes(pieces.map((piece) => piece.bytes))
    const { arrivedAtMs } = pieces[pieces.length - 1]
    return [{ ...pieces[0], bytes, ...(arrivedAtMs !== undefined && { arrivedAtMs }) }]
  }
}
