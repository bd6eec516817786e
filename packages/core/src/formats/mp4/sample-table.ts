import { box, fullBox, uint32, uint64 } from './box.js'

/** Samples of a chunk: about a second, which is what players fetch at once. */
const CHUNK_SECONDS = 1

/** What stands where in the media data of an MP4 file: one MP4 sample is one frame of audio. */
export class SampleTable {
  readonly #samplesPerFrame: number
  readonly #framesPerChunk: number
  readonly #chunkOffsets: number[] = []
  #sizes = new Uint16Array(1024)
  #frames = 0
  #bytes = 0
  #largest = 0

  /**
   * @param samplesPerFrame - audio samples per channel of every frame
   * @param sampleRateHz - to make chunks of about a second
   */
  constructor(samplesPerFrame: number, sampleRateHz: number) {
    this.#samplesPerFrame = samplesPerFrame
    this.#framesPerChunk = Math.max(1, Math.round((sampleRateHz * CHUNK_SECONDS) / samplesPerFrame))
  }

  /** Frames so far. */
  get frames(): number {
    return this.#frames
  }

  /** Audio samples per channel of all frames. */
  get samples(): number {
    return this.#frames * this.#samplesPerFrame
  }

  /** Bytes of all frames. */
  get sizeBytes(): number {
    return this.#bytes
  }

  /** Bytes of the largest frame. */
  get largestBytes(): number {
    return this.#largest
  }

  /** A frame of `lengthBytes`, less than 65536, was written at `offset` of the file. */
  add(offset: number, lengthBytes: number): void {
    if (this.#frames % this.#framesPerChunk === 0) this.#chunkOffsets.push(offset)
    if (this.#frames === this.#sizes.length) {
      const grown = new Uint16Array(2 * this.#frames)
      grown.set(this.#sizes)
      this.#sizes = grown
    }
    this.#sizes[this.#frames++] = lengthBytes
    this.#bytes += lengthBytes
    this.#largest = Math.max(this.#largest, lengthBytes)
  }

  /**
   * The `stbl` box around the sample description. Every frame needs the one before it to sound right (`roll`).
   * @source ISO 14496-12 §8.6.1.2 stts, §8.7.4 stsc, §8.7.3 stsz, §8.7.5 stco, §10.1 roll
   */
  build(sampleDescription: Uint8Array): Uint8Array {
    return box(
      'stbl',
      sampleDescription,
      fullBox('stts', 0, 0, uint32(1, this.#frames, this.#samplesPerFrame)),
      this.#chunkLengths(),
      this.#frameSizes(),
      this.#offsets(),
      fullBox('sgpd', 1, 0, Uint8Array.from([...'roll'].map((letter) => letter.charCodeAt(0))), uint32(2, 1), MINUS_1),
      fullBox(
        'sbgp',
        0,
        0,
        Uint8Array.from([...'roll'].map((letter) => letter.charCodeAt(0))),
        uint32(1, this.#frames, 1),
      ),
    )
  }

  #chunkLengths(): Uint8Array {
    const chunks = this.#chunkOffsets.length
    const last = this.#frames - (chunks - 1) * this.#framesPerChunk
    const entries = chunks > 1 ? [[1, this.#framesPerChunk, 1]] : []
    if (chunks > 0 && (chunks === 1 || last !== this.#framesPerChunk)) entries.push([chunks, last, 1])
    return fullBox('stsc', 0, 0, uint32(entries.length, ...entries.flat()))
  }

  #frameSizes(): Uint8Array {
    const bytes = new Uint8Array(4 * this.#frames)
    const view = new DataView(bytes.buffer)
    for (let frame = 0; frame < this.#frames; frame++) view.setUint32(4 * frame, this.#sizes[frame])
    return fullBox('stsz', 0, 0, uint32(0, this.#frames), bytes)
  }

  #offsets(): Uint8Array {
    const long = (this.#chunkOffsets.at(-1) ?? 0) >= 2 ** 32
    const count = uint32(this.#chunkOffsets.length)
    if (!long) return fullBox('stco', 0, 0, count, uint32(...this.#chunkOffsets))
    return fullBox('co64', 0, 0, count, ...this.#chunkOffsets.map(uint64))
  }
}

const MINUS_1 = Uint8Array.of(0xff, 0xff)
