import { MAX_AUDIO_PACKET_BYTES } from '../packets/logical-stream.js'
import { PacketReader, type PacketBatch } from '../packets/packet-reader.js'
import type { PacketTimer } from '../codecs/codec.js'
import { sampleAt, type OggLayout, type OggPlace } from './layout.js'
import type { FoundPage } from './page-cursor.js'

/** Follows the pages of the audio from anywhere on, and tells which of them are places where reading may begin. */
export class PlaceTracker {
  readonly #layout: OggLayout
  readonly #packets = new PacketReader(MAX_AUDIO_PACKET_BYTES)
  #timer: PacketTimer
  #nextSequence = -1
  /** Position behind the last whole packet; undefined when not known. */
  #granule?: number
  /** The last whole packet. */
  #last?: Uint8Array

  constructor(layout: OggLayout) {
    this.#layout = layout
    this.#timer = newTimer(layout)
  }

  /** Takes the next page of the audio. Undefined when the first packet of the page cannot be placed, or none ends on it. */
  read({ page, byte }: FoundPage): OggPlace | undefined {
    if (page.sequence !== this.#nextSequence) this.#forget()
    this.#nextSequence = (page.sequence + 1) >>> 0
    const carried = this.#packets.heldBytes > 0
    const batch = this.#packets.read(page)
    const before = this.#granule
    const priming = this.#last
    const samples = this.#time(batch)
    if (page.granule >= 0) this.#granule = page.granule
    else if (before !== undefined) this.#granule = before + samples.reduce((sum, each) => sum + each, 0)
    if (before === undefined || !priming || samples.length === 0) return undefined
    if (!page.continued) return this.#place(byte, before, priming)
    // the end of the packet that began before is dropped when reading begins here; another must begin
    const another = samples.length > 1 || page.laces[page.laces.length - 1] === 255
    return carried && another ? this.#place(byte, before + samples[0], packetOf(batch, 0)) : undefined
  }

  #place(byte: number, granule: number, priming: Uint8Array): OggPlace {
    return { byte, sample: sampleAt(this.#layout, granule), granule, priming }
  }

  /** How many samples each packet of a batch gives. */
  #time(batch: PacketBatch): number[] {
    return batch.offsets.slice(1).map((_, index) => {
      const packet = packetOf(batch, index)
      const samples = this.#timer(packet)
      if (samples >= 0) this.#last = packet
      return Math.max(0, samples)
    })
  }

  /** Pages are missing. */
  #forget(): void {
    this.#packets.drop()
    this.#timer = newTimer(this.#layout)
    this.#granule = undefined
    this.#last = undefined
  }
}

function packetOf({ bytes, offsets }: PacketBatch, index: number): Uint8Array {
  return bytes.subarray(offsets[index], offsets[index + 1])
}

function newTimer({ header }: OggLayout): PacketTimer {
  return header.codec.readHeaders(header.packets)?.timer ?? (() => -1)
}
