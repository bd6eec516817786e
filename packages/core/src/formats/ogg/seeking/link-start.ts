import type { ByteQuest } from '../../file-layout.js'
import { commentStart } from '../../reading/comment-start.js'
import { OGG_CODECS } from '../codecs/codecs.js'
import { OggFramer } from '../framer.js'
import type { OggHeader } from '../header.js'
import type { LogicalStream } from '../packets/logical-stream.js'
import { PacketSpan } from '../packets/packet-span.js'
import type { OggLayout } from './layout.js'
import { PageCursor, type FoundPage } from './page-cursor.js'
import { prerollFrames } from './preroll.js'

/** Pages without audio are given up after so many bytes. */
const MAX_HEAD_BYTES = 1 << 25

/** Headers and first pages of the first link with audio: all of the layout but its end. */
export function* readLinkStart(sizeBytes: number): ByteQuest<OggLayout | undefined> {
  const start = new LinkStart()
  const cursor = new PageCursor(0, sizeBytes)
  while (cursor.byte < MAX_HEAD_BYTES && !start.complete) {
    const found = yield* cursor.next()
    if (!found) break
    start.push(found)
  }
  return start.layout(sizeBytes)
}

/** Gathers what the first pages of a file say. */
class LinkStart {
  readonly #framer = new OggFramer(OGG_CODECS, {
    onSpan: (span) => span instanceof PacketSpan && this.#takeSpan(span),
    onDiscard: () => {},
  })
  #linkStartByte = 0
  #linkSerials = new Set<number>()
  #opening = false
  #audio: LogicalStream | undefined
  #headerCount = 0
  /** Where the page stands that follows the last header. */
  #audioByte: number | undefined
  #header: OggHeader | undefined
  #originGranule = 0
  #spans: PacketSpan[] = []
  #nextLink = false

  /** Whether more pages say nothing new: all hidden packets were seen. */
  get complete(): boolean {
    if (!this.#header) return false
    const decoded = this.#spans.reduce((sum, span) => sum + span.decodedSamples, 0)
    return this.#nextLink || decoded > this.#header.hiddenSamples
  }

  push({ page, byte }: FoundPage): void {
    if (page.beginOfStream && !this.#opening) {
      this.#nextLink = this.#header !== undefined
      if (this.#nextLink) return
      this.#linkStartByte = byte
      this.#linkSerials = new Set()
    }
    this.#opening = page.beginOfStream
    if (page.beginOfStream) this.#linkSerials.add(page.serial)
    this.#framer.push(page.bytes)
    if (this.#header) return
    this.#followHeaders(page.serial, byte)
    if (this.#spans.length === 0) return
    this.#audioByte ??= byte
    this.#header = this.#spans[0].header as OggHeader
    this.#originGranule = this.#audio?.originGranule ?? 0
  }

  layout(sizeBytes: number): OggLayout | undefined {
    if (!this.#header || !this.#audio || this.#audioByte === undefined) return undefined
    const startedAt = commentStart(this.#header.metadata)
    return {
      header: this.#header,
      serial: this.#audio.serial,
      linkStartByte: this.#linkStartByte,
      linkSerials: this.#linkSerials,
      originGranule: this.#originGranule,
      framesStartByte: this.#audioByte,
      framesEndByte: sizeBytes,
      prerollFrames: prerollFrames(this.#header, this.#spans),
      hiddenSamples: this.#header.hiddenSamples,
      ...(startedAt !== undefined && { startedAt }),
    }
  }

  #followHeaders(serial: number, byte: number): void {
    const { audio } = this.#framer
    if (audio !== this.#audio) {
      this.#audio = audio
      this.#headerCount = 0
      this.#audioByte = undefined
    }
    if (!audio || audio.serial !== serial) return
    if (audio.headerCount > this.#headerCount) this.#audioByte = undefined
    else this.#audioByte ??= byte
    this.#headerCount = audio.headerCount
  }

  #takeSpan(span: PacketSpan): void {
    this.#spans.push(span)
  }
}
