import type { Chunk, PcmLayout } from '../../model.js'
import type { Connection } from '../source.js'
import { captureError } from './capture-fault.js'
import type { CapturePlan, CaptureProcess } from './capture-process.js'
import { PERIOD_MS } from './capture-programs.js'
import { ChunkGatherer } from './chunk-gatherer.js'
import { FrameAligner } from './frame-aligner.js'
import { LossWatch } from './loss-watch.js'

/** A device that was heard and says nothing for this long is gone, or hangs. */
const STALL_MS = 2000

/** Length of the chunks that go on. */
const CHUNK_MS = 2 * PERIOD_MS

/** What a device hears: whole frames, and what is missing between them. */
export class CaptureConnection implements Connection {
  readonly contentType = ''
  readonly pace = 'live'
  readonly pcm: PcmLayout
  readonly facts: Readonly<Record<string, string>>
  readonly #process: CaptureProcess
  readonly #aligner: FrameAligner
  readonly #watch: LossWatch
  readonly #gatherer: ChunkGatherer
  readonly #msPerByte: number
  readonly #chunks: AsyncGenerator<Chunk, void, undefined>

  /**
   * @param process - runs, and was heard
   * @param first - its first bytes
   */
  constructor(process: CaptureProcess, first: Chunk, pcm: PcmLayout, { encoding, program, facts }: CapturePlan) {
    this.#process = process
    this.pcm = pcm
    this.facts = { ...process.facts, rate: String(pcm.sampleRateHz) }
    this.#aligner = new FrameAligner(encoding, pcm.channels, program.mayWriteAuHead)
    const frameBytes = (encoding.keep === undefined ? encoding.bytesPerSample : 3) * pcm.channels
    this.#msPerByte = 1000 / (frameBytes * pcm.sampleRateHz)
    // a period may be a few samples short
    this.#gatherer = new ChunkGatherer((0.9 * CHUNK_MS) / this.#msPerByte)
    this.#watch = new LossWatch({
      periodMs: PERIOD_MS,
      explain: (lostMs) => captureError('ISR_SOURCE_STALLED', `${Math.round(lostMs)} ms of audio never came`, facts),
    })
    this.#chunks = this.#read(first)
  }

  [Symbol.asyncIterator](): AsyncIterator<Chunk> {
    return this.#chunks
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process.close()
  }

  async *#read(first: Chunk): AsyncGenerator<Chunk, void, undefined> {
    let fault: Error | undefined
    try {
      for (let chunk: Chunk | undefined = first; chunk; chunk = await this.#process.next(STALL_MS))
        yield* this.#take(chunk)
    } catch (error) {
      fault = error as Error
    }
    try {
      yield* this.#gather(this.#watch.flush())
      yield* this.#gatherer.flush()
      const bytes = this.#aligner.rest()
      if (bytes.length > 0) yield { bytes }
    } finally {
      await this[Symbol.asyncDispose]()
    }
    if (fault) throw fault
  }

  #take({ bytes, arrivedAtMs = 0 }: Chunk): readonly Chunk[] {
    for (const { ms, cause } of this.#process.takeLosses(bytes.length)) this.#watch.tell(ms, cause)
    const frames = this.#aligner.push(bytes)
    if (frames.length === 0) return []
    return this.#gather(this.#watch.push({ bytes: frames, arrivedAtMs }, frames.length * this.#msPerByte))
  }

  #gather(chunks: readonly Chunk[]): readonly Chunk[] {
    return chunks.flatMap((chunk) => this.#gatherer.push(chunk))
  }
}
