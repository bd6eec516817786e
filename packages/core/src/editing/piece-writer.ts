import { concatBytes } from '../bytes/concat.js'
import { adjoining } from '../bytes/slab.js'
import type { Format, Muxer, MuxerContext, MuxerCounts } from '../formats/format.js'
import type { FrameSpan } from '../formats/frame-span.js'
import type { NewFile } from '../storages/storage.js'

/** Pages and packets are small: so many bytes go out in one write. */
const WRITE_BYTES = 1 << 18
/** So many are worth a write rather than a copy. */
const ENOUGH_BYTES = 1 << 16

/** What a {@link PieceWriter} is made of. */
export interface PieceWriterOptions {
  /** Makes the file. */
  readonly format: Pick<Format, 'createMuxer'>
  /** What its head tells; history comes with the first frames. */
  readonly context: Omit<MuxerContext, 'history' | 'historyIsPreroll'>
  /** Takes the bytes. Whoever opened it commits or abandons it. */
  readonly output: NewFile
}

/** Frames in, a whole file out: writes what the muxer makes as it comes, so memory is bounded. */
export class PieceWriter {
  readonly #options: PieceWriterOptions
  #muxer?: Muxer
  #bytes = 0
  #gathered: Uint8Array[] = []
  #gatheredBytes = 0

  constructor(options: PieceWriterOptions) {
    this.#options = options
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** What is in the file so far. */
  get counts(): MuxerCounts {
    return this.#muxer?.counts ?? { frames: 0, samples: 0, prerollFrames: 0, prerollSamples: 0 }
  }

  /**
   * Adds frames; the file begins with the first.
   * @param history - frames right before these; looked at the first time
   * @throws {@link StorageError}
   */
  async write(span: FrameSpan, history: readonly FrameSpan[] = []): Promise<void> {
    if (!this.#muxer) {
      const { format, context } = this.#options
      this.#muxer = format.createMuxer(span.header, { ...context, history })
      await this.#append(this.#muxer.begin())
    }
    await this.#append(this.#muxer.write(span))
  }

  /** Ends the file. @throws {@link StorageError} */
  async finish(): Promise<void> {
    if (!this.#muxer) return
    const { tail, patches } = this.#muxer.end()
    await this.#append(tail)
    await this.#flush()
    await this.#options.output.patch(patches)
  }

  async #append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return
    this.#bytes += bytes.length
    const last = this.#gathered.at(-1)
    const joined = last && adjoining([last, bytes])
    if (joined) this.#gathered[this.#gathered.length - 1] = joined
    else {
      if (this.#gatheredBytes >= ENOUGH_BYTES) await this.#flush()
      this.#gathered.push(bytes)
    }
    this.#gatheredBytes += bytes.length
    if (this.#gatheredBytes >= WRITE_BYTES) await this.#flush()
  }

  async #flush(): Promise<void> {
    if (this.#gatheredBytes === 0) return
    const bytes = concatBytes(this.#gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    await this.#options.output.write(bytes)
  }
}
