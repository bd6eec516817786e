import { concatBytes } from '../../bytes/concat.js'

/** Rate of the numbered Vorbis stream in Hz. */
export const VORBIS_RATE_HZ = 48_000
/** Both block sizes; each packet but the first gives half as many samples. */
export const VORBIS_BLOCK_SAMPLES = 2048
const BLOCK_EXPONENT = 11

const ascii = (text: string) => new TextEncoder().encode(text)

/** The identification header: one channel. @source Vorbis I §4.2.2 */
export function vorbisIdentification(): Uint8Array {
  const facts = new Uint8Array(23)
  const view = new DataView(facts.buffer)
  facts[4] = 1
  view.setUint32(5, VORBIS_RATE_HZ, true)
  view.setUint32(13, 90_000, true)
  facts[21] = (BLOCK_EXPONENT << 4) | BLOCK_EXPONENT
  facts[22] = 1
  return concatBytes([ascii('\x01vorbis'), facts])
}

/** The least setup there can be: one of everything, and a floor that is never used. @source Vorbis I §4.2.4 */
export function vorbisSetup(): Uint8Array {
  const bits = new LowBitsFirst()
  // codebooks - 1; the book: sync, 1 dimension, 2 entries, unordered, not sparse, both one bit long, no lookup
  bits.write([0, 8], [0x564342, 24], [1, 16], [2, 24], [0, 1], [0, 1], [0, 5], [0, 5], [0, 4])
  // time domain transforms: one, 0
  bits.write([0, 6], [0, 16])
  // floors: one, of type 1; no partitions, multiplier 1, range bits 8
  bits.write([0, 6], [1, 16], [0, 5], [0, 2], [8, 4])
  // residues: one, of type 0, that holds nothing: begin, end, partition size - 1, classifications - 1, book, no cascade
  bits.write([0, 6], [0, 16], [0, 24], [0, 24], [0, 24], [0, 6], [0, 8], [0, 3], [0, 1])
  // mappings: one: one submap, no coupling, reserved; its time, floor, residue
  bits.write([0, 6], [0, 16], [0, 1], [0, 1], [0, 2], [0, 8], [0, 8], [0, 8])
  // modes: one: short block, window 0, transform 0, mapping 0; framing
  bits.write([0, 6], [0, 1], [0, 16], [0, 16], [0, 8], [1, 1])
  return concatBytes([ascii('\x05vorbis'), bits.bytes()])
}

/** Vorbis packs bits from the lowest on. @source Vorbis I §2.1.4 */
class LowBitsFirst {
  readonly #bytes: number[] = []
  #bits = 0

  write(...fields: readonly (readonly [value: number, count: number])[]): void {
    for (const [value, count] of fields) {
      for (let bit = 0; bit < count; bit++, this.#bits++) {
        if (this.#bits % 8 === 0) this.#bytes.push(0)
        this.#bytes[this.#bytes.length - 1] |= ((value >>> bit) & 1) << (this.#bits % 8)
      }
    }
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}
