import { concatBytes } from '../../bytes/concat.js'
import type { Patch } from '../../model.js'
import type { FrameSpan } from '../frame-span.js'
import type { Muxer, MuxerContext, MuxerCounts, MuxerEnd } from '../format.js'
import type { OggFile } from './codecs/codec.js'
import type { OggHeader } from './header.js'
import { PacketSpan } from './packets/packet-span.js'
import { PageWriter, replaceBody } from './page-writer.js'

/** A page of this many bytes is full; libogg's usual size. */
const PAGE_BYTES = 4096
/** A page holds no more than this, so that seeking stays exact at low rates. */
const MAX_PAGE_SECONDS = 1
/** Packets may wait for the next `write` while they are fewer than both: many small source pages become one. */
const MAX_HELD_SECONDS = 0.1
const MAX_HELD_BYTES = 1024

/**
 * Packets in, one Ogg file of one logical stream out: header packets on their own pages, pages numbered from 0 and
 * positions counted from 0. Waits with less than 0.1 s of audio. The last page is marked as such at the end: by a
 * page of what waited, or else by a patch. A file without packets is a valid stream of no length.
 */
export class OggMuxer implements Muxer {
  readonly #header: OggHeader
  readonly #file: OggFile
  readonly #pages: PageWriter
  /** Position after the last packet added, in samples from the first packet of the file. */
  #granule = 0
  /** Position after the last packet that is on a finished page. */
  #flushedGranule = 0
  #frames = 0
  /** The first page as it stands in the file. */
  #firstPage: Uint8Array = new Uint8Array(0)

  constructor(header: OggHeader, context: MuxerContext) {
    this.#header = header
    this.#pages = new PageWriter(context.serial)
    const history = context.history.filter((span) => span instanceof PacketSpan)
    const last = history.at(-1)
    const hiddenSamples = last ? Math.max(0, last.hiddenSamples - last.decodedSamples) : header.hiddenSamples
    this.#file = header.codec.createFile(header.packets, { context, history, hiddenSamples })
  }

  get counts(): MuxerCounts {
    const preroll = this.#frames === 0 ? { prerollFrames: 0, prerollSamples: 0 } : this.#file.prerollCounts
    const samples = Math.max(0, this.#granule - this.#file.preSkipSamples)
    return { frames: this.#frames, samples, ...preroll }
  }

  begin(): Uint8Array {
    const [first, ...others] = this.#file.headerPages
    this.#addHeaders(first)
    this.#firstPage = this.#pages.take()
    for (const group of others) this.#addHeaders(group)
    return concatBytes([this.#firstPage, this.#pages.take()])
  }

  write(span: FrameSpan): Uint8Array {
    if (this.#frames === 0) this.#addPreroll()
    const packets = span as PacketSpan
    const untrimmed = packets.decodedSamples - packets.trimmedSamples
    const position = this.#header.codec.granuleTrims.start
      ? (frame: number) => packets.sampleOffset(frame)
      : (frame: number) => Math.min(packets.decodedOffset(frame), untrimmed)
    // what a decoder of the whole stream gives for this packet, and a decoder of this file does not
    const lost = this.#frames === 0 && this.#file.firstPacketIsSilent ? position(1) : 0
    const start = this.#granule - lost
    for (let frame = 0; frame < packets.frames; frame++) {
      this.#add(this.#file.rewrite(packets.frame(frame)), start + position(frame + 1))
    }
    this.#frames += packets.frames
    this.#flushFrom(MAX_HELD_BYTES, MAX_HELD_SECONDS)
    return this.#pages.take()
  }

  end(): MuxerEnd {
    const patches: Patch[] = []
    const firstHeader = this.#file.finalFirstHeader()
    if (firstHeader !== undefined) patches.push({ offsetBytes: 0, bytes: replaceBody(this.#firstPage, firstHeader) })
    if (this.#pages.heldBytes === 0) patches.push(this.#pages.endPatch())
    else this.#pages.flush(true)
    return { tail: this.#pages.take(), patches }
  }

  #addHeaders(packets: readonly Uint8Array[]): void {
    for (const packet of packets) this.#pages.add(packet, 0)
    this.#pages.flush()
  }

  #addPreroll(): void {
    for (const { bytes, samples } of this.#file.preroll) this.#add(bytes, this.#granule + samples)
  }

  #add(packet: Uint8Array, granule: number): void {
    this.#pages.add(packet, granule)
    this.#granule = granule
    this.#flushFrom(PAGE_BYTES, MAX_PAGE_SECONDS)
  }

  /**
   * Ends the page when so much waits. Never at position 0, where a Vorbis stream has its silent first packet: ogginfo
   * takes that for a fault. But the first time at once: ffmpeg cuts a Vorbis stream of one single page too short.
   */
  #flushFrom(bytes: number, seconds: number): void {
    const heldSeconds = (this.#granule - this.#flushedGranule) / this.#header.info.sampleRateHz
    const enough = this.#flushedGranule === 0 || this.#pages.heldBytes >= bytes || heldSeconds >= seconds
    if (this.#granule === 0 || !enough) return
    this.#pages.flush()
    this.#flushedGranule = this.#granule
  }
}
