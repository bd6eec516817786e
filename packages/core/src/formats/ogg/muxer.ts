import { concatBytes } from '../../bytes/concat.js'
import type { EpochMs, Patch } from '../../model.js'
import type { FrameSpan } from '../frame-span.js'
import type { Muxer, MuxerContext, MuxerCounts, MuxerEnd } from '../format.js'
import { FileTags } from '../tags/file-tags.js'
import { tagPatch } from '../tags/tag-room.js'
import type { FilePacket, OggFile } from './codecs/codec.js'
import type { OggHeader } from './header.js'
import { PacketSpan } from './packets/packet-span.js'
import { PageWriter } from './page-writer.js'

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
  /** Packets added, hidden ones too, and those of them that are on finished pages. */
  #packets = 0
  #flushedPackets = 0
  /** The first packet that sounds, until another one follows or the file ends: where it goes depends on that. */
  #firstSounding: FilePacket | undefined
  readonly #serial: number
  readonly #tags: FileTags
  /** The pages of headers as they stand in the file: the first, and the others. */
  #headerPages: readonly Uint8Array[] = []

  constructor(header: OggHeader, context: MuxerContext) {
    this.#header = header
    this.#serial = context.serial
    this.#pages = new PageWriter(context.serial)
    this.#tags = new FileTags(context, header.info.sampleRateHz)
    const history = context.history.filter((span) => span instanceof PacketSpan)
    const last = history.at(-1)
    const hiddenSamples = last ? Math.max(0, last.hiddenSamples - last.decodedSamples) : header.hiddenSamples
    this.#file = header.codec.createFile(header.packets, {
      context,
      history,
      hiddenSamples,
      facts: this.#tags.facts,
    })
  }

  get counts(): MuxerCounts {
    const preroll = this.#frames === 0 ? { prerollFrames: 0, prerollSamples: 0 } : this.#file.prerollCounts
    const samples = Math.max(0, this.#granule - this.#file.preSkipSamples)
    const waitingFrames = Math.min(this.#frames, this.#packets - this.#flushedPackets)
    return { frames: this.#frames, samples, ...preroll, ...(waitingFrames > 0 && { waitingFrames }) }
  }

  begin(): Uint8Array {
    this.#headerPages = this.#writeHeaders(this.#pages)
    return concatBytes(this.#headerPages)
  }

  mark(title: string): void {
    this.#tags.mark(title, this.counts.samples)
  }

  retime(startedAt: EpochMs): void {
    this.#tags.retime(startedAt)
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
    // in a file without packets the end is marked on a page of headers, which then stays as it is
    const patches = this.#frames > 0 ? this.#headerPatches() : []
    this.#putFirstOnLastPage()
    if (this.#pages.heldBytes === 0) patches.push(this.#pages.endPatch())
    else this.#pages.flush(true)
    this.#flushedPackets = this.#packets
    return { tail: this.#pages.take(), patches }
  }

  /** The first page, and the others. */
  #writeHeaders(pages: PageWriter): Uint8Array[] {
    const groups = this.#file.headerPages(this.#tags.facts, this.#tags.chapters(this.counts.samples))
    const written = groups.map((packets) => {
      for (const packet of packets) pages.add(packet, 0)
      pages.flush()
      return pages.take()
    })
    return [written[0], concatBytes(written.slice(1))]
  }

  #headerPatches(): Patch[] {
    const [first, others] = this.#headerPages
    const [firstNow, othersNow] = this.#writeHeaders(new PageWriter(this.#serial))
    return [...tagPatch(first, firstNow, 0), ...tagPatch(others, othersNow, first.length)]
  }

  #addPreroll(): void {
    for (const { bytes, samples } of this.#file.preroll) this.#add(bytes, this.#granule + samples)
  }

  #add(packet: Uint8Array, granule: number): void {
    const isFirstSounding = this.#granule === 0 && granule > 0
    this.#putFirstOnFirstPage()
    this.#granule = granule
    if (isFirstSounding && this.#header.codec.primes) this.#firstSounding = { bytes: packet, samples: granule }
    else this.#pages.add(packet, granule)
    this.#packets++
    this.#flushFrom(PAGE_BYTES, MAX_PAGE_SECONDS)
  }

  /** More follows: the silent packet and the first that sounds are the first page. */
  #putFirstOnFirstPage(): void {
    const first = this.#firstSounding
    if (!first) return
    this.#firstSounding = undefined
    this.#pages.add(first.bytes, first.samples)
    this.#flush()
  }

  /** Nothing follows: the silent packet has a page of its own, though ogginfo minds its position 0. */
  #putFirstOnLastPage(): void {
    if (!this.#firstSounding) return
    this.#pages.flush()
    this.#pages.add(this.#firstSounding.bytes, this.#firstSounding.samples)
  }

  /**
   * Ends the page when so much waits. Never at position 0, where a Vorbis stream has its silent first packet: ogginfo
   * takes that for a fault. But the first time at once.
   */
  #flushFrom(bytes: number, seconds: number): void {
    const heldSeconds = (this.#granule - this.#flushedGranule) / this.#header.info.sampleRateHz
    const enough = this.#flushedGranule === 0 || this.#pages.heldBytes >= bytes || heldSeconds >= seconds
    if (this.#granule > 0 && !this.#firstSounding && enough) this.#flush()
  }

  #flush(): void {
    this.#pages.flush()
    this.#flushedGranule = this.#granule
    this.#flushedPackets = this.#packets
  }
}
