import { concatBytes } from '../../../bytes/concat.js'
import type { FramerSink } from '../../format.js'
import type { OggCodec, OggStreamFacts } from '../codecs/codec.js'
import { OggHeader } from '../header.js'
import type { PacketBatch } from './packet-reader.js'
import { PacketReader } from './packet-reader.js'
import { PacketSpan } from './packet-span.js'
import { StreamPosition } from './stream-position.js'
import type { OggPage } from '../page.js'

/** Bound of all header packets together: cover art may be large. */
const MAX_HEADER_BYTES = 8 * 1024 * 1024
/** Bound of an audio packet; real ones have some hundred bytes, FLAC up to about 100 KB. */
export const MAX_AUDIO_PACKET_BYTES = 1024 * 1024

/** What is known of a stream that was looked at before. */
export interface KnownStream {
  /** What its spans carry. */
  readonly header: OggHeader
  /** Nothing of it is to be hidden: what its headers declare is told as frames of pre-roll. */
  readonly showsAll: boolean
  /** Where in the audio it goes on. Absent at its start, headers and all. */
  readonly place?: {
    /** Position of the next packet that begins. */
    readonly position: StreamPosition
    /** The packet before that. */
    readonly priming: Uint8Array
  }
}

/**
 * One logical stream from its first page on: collects the header packets, then gives a span for each page on which
 * packets end. A stream that has no usable headers is discarded.
 */
export class LogicalStream {
  /** Serial number of its pages. */
  readonly serial: number
  readonly #codec: OggCodec
  readonly #sink: FramerSink
  readonly #packets = new PacketReader(MAX_HEADER_BYTES)
  #headerPackets: Uint8Array[] = []
  #headerBytes = 0
  #facts: OggStreamFacts | undefined
  #position: StreamPosition | undefined
  #header: OggHeader | undefined
  /** Bytes received that go with the next packet. */
  #overheadBytes = 0
  #undecodable = false
  readonly #known: KnownStream | undefined

  /** @param known - what is known of it. Default nothing */
  constructor(codec: OggCodec, serial: number, sink: FramerSink, known?: KnownStream) {
    this.#codec = codec
    this.serial = serial
    this.#sink = sink
    this.#known = known
    this.#header = known?.header
    if (!known?.place) return
    this.#facts = codec.readHeaders(known.header.packets)
    this.#facts?.timer(known.place.priming)
    this.#position = known.place.position
    this.#packets.maxPacketBytes = MAX_AUDIO_PACKET_BYTES
  }

  /** Header packets so far. */
  get headerCount(): number {
    return this.#headerPackets.length
  }

  /** Granule position of its first sample; undefined until a page tells. */
  get originGranule(): number | undefined {
    return this.#position?.origin
  }

  /** Takes the next page of this stream. */
  push(page: OggPage): void {
    if (this.#undecodable) {
      this.#discard(page.bytes.length, 'sync')
      return
    }
    this.#overheadBytes += page.bytes.length - page.body.length
    const batch = this.#packets.read(page)
    this.#discard(batch.droppedBytes, 'partial-frame')
    let first = 0
    if (this.#facts === undefined) {
      first = this.#takeHeaders(batch)
      if (first === batch.offsets.length - 1 && this.#headerBytes <= MAX_HEADER_BYTES) return
      this.#facts = this.#codec.readHeaders(this.#headerPackets)
      if (this.#facts === undefined || this.#headerBytes > MAX_HEADER_BYTES) {
        this.#giveUp(batch.bytes.length - batch.offsets[first])
        return
      }
      this.#position = new StreamPosition(
        this.#codec.granuleTrims,
        this.#known?.showsAll ? 0 : this.#facts.preSkipSamples,
      )
      this.#packets.maxPacketBytes = MAX_AUDIO_PACKET_BYTES
    }
    this.#emit(page, batch, first)
  }

  /** No more pages will come. */
  end(): void {
    const begun = this.#packets.drop()
    this.#discard(begun + this.#overheadBytes, begun > 0 ? 'partial-frame' : 'sync')
    this.#overheadBytes = 0
  }

  /** @returns index of the first packet that is no header */
  #takeHeaders(batch: PacketBatch): number {
    let index = 0
    for (; index < batch.offsets.length - 1; index++) {
      const packet = packetOf(batch, index)
      if (!this.#codec.isHeader(packet)) break
      // a copy: it outlives the chunk, and slice() of a Buffer would be none
      this.#headerPackets.push(new Uint8Array(packet))
      this.#headerBytes += packet.length
      this.#overheadBytes += packet.length
    }
    return index
  }

  #giveUp(bytesLeft: number): void {
    this.#undecodable = true
    this.#discard(this.#overheadBytes + bytesLeft + this.#packets.drop(), 'sync')
    this.#overheadBytes = 0
    this.#headerPackets = []
  }

  #emit(page: OggPage, batch: PacketBatch, first: number): void {
    const audio = this.#timePackets(batch, first)
    const frames = audio.byteOffsets.length - 1
    if (frames === 0) return
    const { codec, facts, position } = { codec: this.#codec, facts: this.#facts!, position: this.#position! }
    const { hiddenSamples, trimmedSamples } = position.advance(audio.decodedOffsets[frames], page)
    this.#header ??= new OggHeader({
      codec,
      packets: this.#headerPackets,
      info: facts.info,
      metadata: facts.metadata,
      hiddenSamples,
    })
    const overheadBytes = this.#overheadBytes
    this.#overheadBytes = 0
    this.#sink.onSpan(new PacketSpan({ header: this.#header, ...audio, hiddenSamples, trimmedSamples, overheadBytes }))
  }

  /** The audio packets of a batch from `first` on, and how many samples each gives. What is no audio packet is discarded. */
  #timePackets(batch: PacketBatch, first: number) {
    const byteOffsets = [0]
    const decodedOffsets = [0]
    const kept: Uint8Array[] = []
    let decoded = 0
    let length = 0
    for (let index = first; index < batch.offsets.length - 1; index++) {
      const packet = packetOf(batch, index)
      const samples = this.#facts!.timer(packet)
      if (samples < 0) {
        this.#discard(packet.length, 'sync')
        continue
      }
      kept.push(packet)
      byteOffsets.push((length += packet.length))
      decodedOffsets.push((decoded += samples))
    }
    const all = batch.bytes.subarray(batch.offsets[first])
    return { bytes: length === all.length ? all : concatBytes(kept), byteOffsets, decodedOffsets }
  }

  #discard(bytes: number, reason: 'sync' | 'partial-frame'): void {
    if (bytes > 0) this.#sink.onDiscard(bytes, reason)
  }
}

function packetOf(batch: PacketBatch, index: number): Uint8Array {
  return batch.bytes.subarray(batch.offsets[index], batch.offsets[index + 1])
}
