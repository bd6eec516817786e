import { concatBytes } from '../../bytes/concat.js'
import { adjoining, Slab } from '../../bytes/slab.js'
import type { Patch } from '../../model.js'
import { CAPTURE_PATTERN, FIXED_HEADER_BYTES, NO_GRANULE, PageFlag, PageOffset, pageCrc } from './page.js'

const MAX_LACES = 255

/** Packets in, pages of one logical stream out. */
export class PageWriter {
  readonly #serial: number
  readonly #slab = new Slab()
  #sequence = 0
  /** Pages finished and not yet taken. */
  #pages: Uint8Array[] = []
  /** Bytes of all pages so far. */
  #sizeBytes = 0
  #laces: number[] = []
  /** Packets of the page under way, copied: whoever adds them may use their bytes again. */
  readonly #body = new Uint8Array(MAX_LACES * 255)
  #bodyBytes = 0
  #granule = NO_GRANULE
  #continued = false
  #lastPage: Uint8Array | undefined

  /** @param serial - serial number of the logical stream, an unsigned 32-bit integer */
  constructor(serial: number) {
    this.#serial = serial
  }

  /** Bytes of packets that wait for their page. */
  get heldBytes(): number {
    return this.#bodyBytes
  }

  /**
   * Adds a packet, whose bytes are copied. A page that has no room for it goes out; beyond that, pages end where `flush` is called.
   * @param granule - position after the packet
   */
  add(packet: Uint8Array, granule: number): void {
    const lastLace = packet.length % 255
    const laceCount = (packet.length - lastLace) / 255 + 1
    // a packet that fits on a page of its own is not torn
    if (this.#laces.length > 0 && this.#laces.length + laceCount > MAX_LACES) this.flush()
    let start = 0
    for (let index = 1; index <= laceCount; index++) {
      if (this.#laces.length === MAX_LACES) {
        this.#take(packet, start, 255 * (index - 1))
        start = 255 * (index - 1)
        this.flush()
      }
      this.#laces.push(index < laceCount ? 255 : lastLace)
    }
    this.#take(packet, start, packet.length)
    this.#granule = granule
  }

  #take(packet: Uint8Array, start: number, end: number): void {
    this.#body.set(end - start === packet.length ? packet : packet.subarray(start, end), this.#bodyBytes)
    this.#bodyBytes += end - start
  }

  /** Ends the page under way, if there is one. */
  flush(endOfStream = false): void {
    if (this.#laces.length === 0) return
    const page = this.#slab.take(FIXED_HEADER_BYTES + this.#laces.length + this.#bodyBytes)
    const view = new DataView(page.buffer, page.byteOffset)
    page.set(CAPTURE_PATTERN)
    page[PageOffset.flags] =
      (this.#continued ? PageFlag.continued : 0) |
      (this.#sequence === 0 ? PageFlag.beginOfStream : 0) |
      (endOfStream ? PageFlag.endOfStream : 0)
    view.setUint32(PageOffset.granule, this.#granule, true)
    view.setInt32(PageOffset.granule + 4, Math.floor(this.#granule / 2 ** 32), true)
    view.setUint32(PageOffset.serial, this.#serial, true)
    view.setUint32(PageOffset.sequence, this.#sequence++, true)
    page[PageOffset.laceCount] = this.#laces.length
    page.set(this.#laces, FIXED_HEADER_BYTES)
    page.set(this.#body.subarray(0, this.#bodyBytes), FIXED_HEADER_BYTES + this.#laces.length)
    this.#pages.push(setCrc(page))
    this.#sizeBytes += page.length
    this.#lastPage = page
    this.#continued = this.#laces[this.#laces.length - 1] === 255
    this.#laces = []
    this.#bodyBytes = 0
    this.#granule = NO_GRANULE
  }

  /** The pages that are finished. */
  take(): Uint8Array {
    const bytes = adjoining(this.#pages) ?? concatBytes(this.#pages)
    this.#pages = []
    return bytes
  }

  /** What makes the page that went out last the end of the stream. Nothing may wait. */
  endPatch(): Patch {
    const page = this.#lastPage!.slice()
    page[PageOffset.flags] |= PageFlag.endOfStream
    return { offsetBytes: this.#sizeBytes - page.length, bytes: setCrc(page).subarray(0, FIXED_HEADER_BYTES) }
  }
}

function setCrc(page: Uint8Array): Uint8Array {
  new DataView(page.buffer, page.byteOffset).setUint32(PageOffset.crc, pageCrc(page), true)
  return page
}
