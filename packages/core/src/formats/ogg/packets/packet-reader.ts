import { concatBytes } from '../../../bytes/concat.js'
import type { OggPage } from '../page.js'

/** The packets that a page completes, back to back. */
export interface PacketBatch {
  /** The packets; a view of the page where no packet came from the page before. */
  readonly bytes: Uint8Array
  /** Where each packet starts in `bytes`, and the end of the last: one more than there are packets. */
  readonly offsets: readonly number[]
  /** Bytes of packets of which a part is missing. */
  readonly droppedBytes: number
}

/**
 * Pages of one logical stream in, packets out. A packet goes on over pages as long as its lacing values are 255.
 * Where a page is missing, what is left of the packet it tore is dropped; a packet that grows beyond all bounds too.
 * @source RFC 3533 §5
 */
export class PacketReader {
  #nextSequence = -1
  /** Start of a packet that goes on with the next page. */
  #parts: Uint8Array[] = []
  #partBytes = 0
  /** Longest packet that is accepted, in bytes. */
  maxPacketBytes: number

  constructor(maxPacketBytes: number) {
    this.maxPacketBytes = maxPacketBytes
  }

  /** Bytes of the packet under way. */
  get heldBytes(): number {
    return this.#partBytes
  }

  /** The packets that end on `page`. */
  read(page: OggPage): PacketBatch {
    let droppedBytes = 0
    const inOrder = page.sequence === this.#nextSequence
    this.#nextSequence = (page.sequence + 1) >>> 0
    if (!page.continued || !inOrder) droppedBytes += this.drop()

    const { laces, body } = page
    const offsets: number[] = []
    // a packet goes on here of which we do not have the start
    let skipping = page.continued && this.#partBytes === 0
    let start = 0
    let end = 0
    for (const lace of laces) {
      end += lace
      if (lace === 255) continue
      if (skipping) {
        droppedBytes += end
        start = end
        skipping = false
      } else offsets.push(end)
    }
    const packetsEnd = offsets.length > 0 ? offsets[offsets.length - 1] : start
    const rest = body.subarray(packetsEnd)

    const carried = this.#partBytes
    let bytes = body.subarray(start, packetsEnd)
    if (offsets.length > 0 && carried > 0) {
      bytes = concatBytes([...this.#parts, bytes])
      this.#parts = []
      this.#partBytes = 0
    }
    if (skipping) droppedBytes += rest.length
    else droppedBytes += this.#carry(rest)
    // `start` is 0 whenever something was carried
    const starts = [0]
    for (const offset of offsets) starts.push(offset - start + carried)
    return { bytes, offsets: starts, droppedBytes }
  }

  /** Forgets the packet under way. @returns its bytes so far */
  drop(): number {
    const bytes = this.#partBytes
    this.#parts = []
    this.#partBytes = 0
    return bytes
  }

  /** Keeps the start of a packet. @returns bytes dropped because the packet is too long */
  #carry(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0
    this.#parts.push(bytes)
    this.#partBytes += bytes.length
    return this.#partBytes > this.maxPacketBytes ? this.drop() : 0
  }
}
