import { SourceError } from '../../../errors.js'
import type { Chunk } from '../../../model.js'
import type { Arrival } from '../../arrival-queue.js'
import { headerOf } from '../head/response-head.js'
import type { ResponseHead } from '../head/response-head.js'
import type { Wire } from '../transport.js'
import { ContentDecoder } from './content-decoder.js'
import { codingOf, framingOf } from './framing.js'
import type { BodyFraming } from './body-framing.js'
import { IcyDemuxer } from './icy.js'

/** Longest believable distance of two ICY blocks. */
const MAX_METAINT_BYTES = 16 * 1024 * 1024

/** Packed bytes unpacked in one step: at most 4 MB come out. */
const MAX_PACKED_BYTES = 4096

/** Reads one body: takes framing, packing and ICY metadata off, in this order. */
export class BodyReader {
  readonly #wire: Wire
  readonly #framing: BodyFraming
  readonly #decoder: ContentDecoder | undefined
  readonly #icy: IcyDemuxer | undefined
  readonly #titles: boolean

  /** @param titles - whether metadata is told; it is taken out in any case */
  constructor(wire: Wire, head: ResponseHead, titles: boolean) {
    this.#wire = wire
    this.#titles = titles
    this.#framing = framingOf(head)
    const coding = codingOf(head)
    if (coding) this.#decoder = new ContentDecoder(coding)
    const interval = Number(headerOf(head, 'icy-metaint'))
    if (Number.isInteger(interval) && interval > 0 && interval <= MAX_METAINT_BYTES)
      this.#icy = new IcyDemuxer(interval)
  }

  /** Whether the stream announced ICY metadata and then sent none. */
  get icyLied(): boolean {
    return this.#icy?.lied ?? false
  }

  /** Whether the bytes are not compressed: then they need not be waited for. */
  get isPlain(): boolean {
    return !this.#decoder
  }

  /**
   * Whether the body has ended as it should.
   * @throws {@link SourceError} when it is damaged
   */
  get isComplete(): boolean {
    if (this.#framing.state === 'broken')
      throw new SourceError('ISR_SOURCE_RESET', 'the body is damaged: bad chunked coding')
    if (this.#decoder?.broken) throw new SourceError('ISR_SOURCE_RESET', 'the body is damaged: bad compressed data')
    return this.#framing.state === 'complete'
  }

  /** The audio in what arrived of a plain body. */
  take({ bytes, arrivedAtMs }: Arrival): Chunk[] {
    const body = this.#framing.push(bytes)
    return body.length > 0 ? this.#demux(body, arrivedAtMs) : []
  }

  /** The connection has ended. @throws {@link SourceError} when the body should have gone on */
  end(): void {
    if (this.#framing.state === 'complete' || this.#framing.mayEnd || this.#wire.closedHere) return
    throw new SourceError('ISR_SOURCE_RESET', 'the connection ended in the middle of the body')
  }

  /** The next audio: one chunk, more where metadata changes; `undefined` when the body has ended as it should. */
  async read(): Promise<Chunk[] | undefined> {
    for (;;) {
      if (this.isComplete) return undefined
      const arrival = await (this.#decoder ? this.#nextPacked() : this.#wire.read())
      const body = arrival && this.#framing.push(arrival.bytes)
      const bytes = body && this.#decoder ? await this.#decoder.push(body) : (body ?? this.#decoder?.flush())
      const chunks = bytes?.length ? this.#demux(bytes, arrival?.arrivedAtMs) : []
      if (chunks.length > 0) return chunks
      if (arrival) continue
      this.end()
      return undefined
    }
  }

  /** Frees what decoding holds. Idempotent. */
  close(): void {
    this.#decoder?.close()
  }

  /** Packed bytes come in small portions: they may become a thousand times as many. */
  async #nextPacked(): Promise<Arrival | undefined> {
    const arrival = await this.#wire.read()
    if (!arrival || arrival.bytes.length <= MAX_PACKED_BYTES) return arrival
    const { bytes, arrivedAtMs } = arrival
    this.#wire.unread({ bytes: bytes.subarray(MAX_PACKED_BYTES), arrivedAtMs })
    return { bytes: bytes.subarray(0, MAX_PACKED_BYTES), arrivedAtMs }
  }

  #demux(bytes: Uint8Array, arrivedAtMs?: number): Chunk[] {
    const arrival = arrivedAtMs === undefined ? {} : { arrivedAtMs }
    if (!this.#icy) return [{ bytes, ...arrival }]
    const pieces = this.#icy.push(bytes)
    return pieces.map(({ bytes, metadata }) => ({
      bytes,
      ...arrival,
      ...(metadata && this.#titles ? { metadata } : {}),
    }))
  }
}
