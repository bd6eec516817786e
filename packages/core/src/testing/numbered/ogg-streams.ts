import { concatBytes } from '../../bytes/concat.js'
import { PageFlag, PageOffset, CAPTURE_PATTERN, FIXED_HEADER_BYTES, pageCrc } from '../../formats/ogg/page.js'
import { EMPTY_COMMENT, writeVorbisComment } from '../../formats/ogg/vorbis-comment.js'
import {
  FLAC_BLOCK_SAMPLES,
  FLAC_RATE_HZ,
  flacCommentBlock,
  flacStablePart,
  flacStreamInfoBlock,
  numberedFlacFrame,
} from './flac-frames.js'
import { fillMarked } from './mark.js'
import { NumberedStream, type StablePart } from './numbered-stream.js'
import { VORBIS_BLOCK_SAMPLES, VORBIS_RATE_HZ, vorbisIdentification, vorbisSetup } from './vorbis-headers.js'

const ascii = (text: string) => new TextEncoder().encode(text)

/** How an Ogg stream is told apart from another of the same station. */
interface NumberedOggOptions {
  /** Serial number of the logical stream. @defaultValue the number of the station + 1 */
  readonly serial?: number
}

/** Ogg: units are pages. A listener who joins gets the header pages first, then the pages of everybody. */
abstract class NumberedOgg extends NumberedStream {
  readonly #serial: number
  #head: { bytes: Uint8Array; pages: number } | undefined

  constructor(station = 0, { serial = station + 1 }: NumberedOggOptions = {}) {
    super(station)
    this.#serial = serial
  }

  /** Header packets; the first has a page of its own. */
  protected abstract headerPackets(): readonly Uint8Array[]
  /** Position in the logical stream after this frame. */
  protected abstract granuleAfter(number: number): number

  head(): Uint8Array {
    return this.#pages().bytes
  }

  override unit(index: number): Uint8Array {
    const first = index * this.framesPerUnit
    const packets = Array.from({ length: this.framesPerUnit }, (_, at) => this.frame(first + at))
    const granule = this.granuleAfter(first + this.framesPerUnit - 1)
    return buildPage(packets, { serial: this.#serial, sequence: this.#pages().pages + index, granule, flags: 0 })
  }

  stablePart(number: number): StablePart {
    return { bytes: this.frame(number), markAt: this.markAt }
  }

  /** Where the mark begins in a packet. */
  protected abstract readonly markAt: number

  #pages(): { bytes: Uint8Array; pages: number } {
    if (this.#head) return this.#head
    const pages = this.headerPackets().map((packet, sequence) =>
      buildPage([packet], {
        serial: this.#serial,
        sequence,
        granule: 0,
        flags: sequence === 0 ? PageFlag.beginOfStream : 0,
      }),
    )
    return (this.#head = { bytes: concatBytes(pages), pages: pages.length })
  }
}

const OPUS_PACKET_BYTES = 160
/** CELT full band, 20 ms, mono; a packet of one frame with padding. @source RFC 6716 §3.2.5 */
const OPUS_TOC = 0xfb
const ONE_FRAME_WITH_PADDING = 0x41
/** A CELT frame that says nothing but: silence. */
const OPUS_SILENCE = [0xff, 0xfe]
const OPUS_PADDING_AT = 3 + OPUS_SILENCE.length

/** Opus in Ogg: silent packets with the number in their padding. */
export class NumberedOpus extends NumberedOgg {
  readonly format = 'opus'
  readonly contentType = 'audio/ogg'
  readonly sampleRateHz = 48_000
  readonly samplesPerFrame = 960
  readonly framesPerUnit = 10
  protected readonly markAt = OPUS_PADDING_AT

  frame(number: number): Uint8Array {
    const packet = new Uint8Array(OPUS_PACKET_BYTES)
    packet.set([OPUS_TOC, ONE_FRAME_WITH_PADDING, OPUS_PACKET_BYTES - OPUS_PADDING_AT, ...OPUS_SILENCE])
    fillMarked(packet, OPUS_PADDING_AT, packet.length, { station: this.station, number })
    return packet
  }

  /** @source RFC 7845 §5.1, §5.2 */
  protected headerPackets(): readonly Uint8Array[] {
    const preSkip = 312
    const head = Uint8Array.of(1, 1, preSkip & 0xff, preSkip >>> 8, 0x80, 0xbb, 0, 0, 0, 0, 0)
    return [concatBytes([ascii('OpusHead'), head]), concatBytes([ascii('OpusTags'), writeVorbisComment(EMPTY_COMMENT)])]
  }

  protected granuleAfter(number: number): number {
    return (number + 1) * this.samplesPerFrame
  }
}

const VORBIS_PACKET_BYTES = 240

/** Vorbis in Ogg: packets that say that no channel has anything; what follows in a packet no decoder looks at. @source Vorbis I §4.3 */
export class NumberedVorbis extends NumberedOgg {
  readonly format = 'vorbis'
  readonly contentType = 'audio/ogg'
  readonly sampleRateHz = VORBIS_RATE_HZ
  readonly samplesPerFrame = VORBIS_BLOCK_SAMPLES / 2
  readonly framesPerUnit = 8
  protected readonly markAt = 1

  frame(number: number): Uint8Array {
    const packet = new Uint8Array(VORBIS_PACKET_BYTES)
    fillMarked(packet, 1, packet.length, { station: this.station, number })
    return packet
  }

  protected headerPackets(): readonly Uint8Array[] {
    const framing = Uint8Array.of(1)
    const comment = concatBytes([ascii('\x03vorbis'), writeVorbisComment(EMPTY_COMMENT), framing])
    return [vorbisIdentification(), comment, vorbisSetup()]
  }

  protected granuleAfter(number: number): number {
    // the first packet primes the decoder
    return number * this.samplesPerFrame
  }
}

/** FLAC in Ogg: frames whose samples are their number. @source RFC 9639 §10.1 */
export class NumberedOggFlac extends NumberedOgg {
  readonly format = 'ogg-flac'
  readonly contentType = 'audio/ogg'
  readonly sampleRateHz = FLAC_RATE_HZ
  readonly samplesPerFrame = FLAC_BLOCK_SAMPLES
  readonly framesPerUnit = 3
  protected readonly markAt = 0

  frame(number: number): Uint8Array {
    return numberedFlacFrame(this.station, number)
  }

  override stablePart(number: number): StablePart {
    return flacStablePart(this.frame(number))
  }

  protected headerPackets(): readonly Uint8Array[] {
    const mapping = concatBytes([Uint8Array.of(0x7f), ascii('FLAC'), Uint8Array.of(1, 0, 0, 1), ascii('fLaC')])
    return [concatBytes([mapping, flacStreamInfoBlock(false)]), flacCommentBlock()]
  }

  protected granuleAfter(number: number): number {
    return (number + 1) * this.samplesPerFrame
  }
}

interface PageFacts {
  readonly serial: number
  readonly sequence: number
  readonly granule: number
  readonly flags: number
}

/** A page of whole packets. @source RFC 3533 §6 */
function buildPage(packets: readonly Uint8Array[], { serial, sequence, granule, flags }: PageFacts): Uint8Array {
  const laces = packets.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255])
  const page = concatBytes([new Uint8Array(FIXED_HEADER_BYTES), Uint8Array.from(laces), ...packets])
  const view = new DataView(page.buffer, page.byteOffset)
  page.set(CAPTURE_PATTERN)
  page[PageOffset.flags] = flags
  view.setUint32(PageOffset.granule, granule % 2 ** 32, true)
  view.setUint32(PageOffset.granule + 4, Math.floor(granule / 2 ** 32), true)
  view.setUint32(PageOffset.serial, serial, true)
  view.setUint32(PageOffset.sequence, sequence, true)
  page[PageOffset.laceCount] = laces.length
  view.setUint32(PageOffset.crc, pageCrc(page), true)
  return page
}
