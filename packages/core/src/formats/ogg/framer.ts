import type { DiscardReason } from '../../model.js'
import type { Framer, FramerSink } from '../format.js'
import type { OggCodec } from './codecs/codec.js'
import { LogicalStream, type KnownStream } from './packets/logical-stream.js'
import { PageReader } from './page-reader.js'
import type { OggPage } from './page.js'

/** A stream of audio that was looked at before. */
export interface ResumedStream {
  /** Serial number of its pages. */
  readonly serial: number
  /** What is known of it. */
  readonly known: KnownStream
}

/**
 * Finds the audio in an Ogg stream. Pages that open logical streams come first in each link of a chain: the first one of
 * a known codec is recorded, and a new link is a new {@link LogicalStream} with headers of its own, even when
 * serial and headers are those of the link before. Pages of other logical streams are discarded as `foreign`.
 * @source RFC 3533 §4
 */
export class OggFramer implements Framer {
  readonly #codecs: readonly OggCodec[]
  readonly #sink: FramerSink
  readonly #pages: PageReader
  #audio: LogicalStream | undefined
  /** Whether the last page opened a logical stream: others of the same link may follow. */
  #opening = false
  /** Whether the audio was opened in this link. */
  #audioOpened = false
  /** Whether anything was opened that is not recorded. */
  #foreignOpened = false

  /** What is known of the first stream of audio, until it is met. */
  #known: KnownStream | undefined

  /**
   * @param codecs - the codecs to look for
   * @param resumed - when the first bytes are those of a stream that is known. Default unknown
   */
  constructor(codecs: readonly OggCodec[], sink: FramerSink, resumed?: ResumedStream) {
    this.#codecs = codecs
    this.#sink = sink
    this.#known = resumed?.known
    if (resumed?.known.place) {
      this.#audio = new LogicalStream(resumed.known.header.codec, resumed.serial, sink, resumed.known)
      this.#known = undefined
    }
    this.#pages = new PageReader({
      onPage: (page) => this.#onPage(page),
      onDiscard: (bytes, reason) => this.#sink.onDiscard(bytes, reason),
    })
  }

  /** The audio of the link under way, from its first page on. */
  get audio(): LogicalStream | undefined {
    return this.#audio
  }

  push(bytes: Uint8Array): void {
    this.#pages.push(bytes)
  }

  flush(): void {
    this.#pages.flush()
    this.#audio?.end()
    this.#audio = undefined
  }

  #onPage(page: OggPage): void {
    if (page.beginOfStream) {
      this.#open(page)
      return
    }
    this.#opening = false
    if (page.serial === this.#audio?.serial) this.#audio.push(page)
    else this.#discard(page, this.#audio !== undefined || this.#foreignOpened ? 'foreign' : 'sync')
  }

  #open(page: OggPage): void {
    if (!this.#opening) this.#audioOpened = false
    this.#opening = true
    const packet = firstPacket(page)
    const codec = this.#codecs.find((candidate) => candidate.recognises(packet))
    const secondTrack = this.#audioOpened && this.#audio?.serial !== page.serial
    // until another audio opens, the one of the link before goes on: its serial says whose the next pages are
    if (codec === undefined && this.#audio?.serial === page.serial) this.#closeAudio()
    if (codec === undefined || secondTrack) {
      this.#foreignOpened = true
      this.#discard(page, 'foreign')
      return
    }
    this.#closeAudio()
    this.#audioOpened = true
    this.#audio = new LogicalStream(codec, page.serial, this.#sink, this.#known)
    this.#known = undefined
    this.#audio.push(page)
  }

  #closeAudio(): void {
    this.#audio?.end()
    this.#audio = undefined
  }

  #discard(page: OggPage, reason: DiscardReason): void {
    this.#sink.onDiscard(page.bytes.length, reason)
  }
}

/** What the page holds of its first packet; of a page that opens a stream, the identification header. */
function firstPacket(page: OggPage): Uint8Array {
  let length = 0
  for (const lace of page.laces) {
    length += lace
    if (lace < 255) break
  }
  return page.body.subarray(0, length)
}
