import { Md5 } from '../../bytes/md5.js'
import { sharedFlacDecoder } from './decode/shared-decoder.js'
import type { FlacFrameHeader } from './frame-header.js'

/** MD5 of the audio in the frames of one file, as STREAMINFO carries it. */
export class PcmMd5 {
  readonly #bitsPerSample: number
  #md5: Md5 | undefined = new Md5()

  constructor(bitsPerSample: number) {
    this.#bitsPerSample = bitsPerSample
  }

  /** Adds a frame. One that breaks the rules, or whose samples are of another size, makes the sum unknown. */
  add(frame: Uint8Array, header: FlacFrameHeader): void {
    if (!this.#md5) return
    const fits = header.bitsPerSample === 0 || header.bitsPerSample === this.#bitsPerSample
    const pcm = fits ? sharedFlacDecoder().decodePcm(frame, header, this.#bitsPerSample) : undefined
    if (pcm) this.#md5.update(pcm)
    else this.#md5 = undefined
  }

  /** The 16 bytes of the sum, all zero when unknown; ends it. */
  digest(): Uint8Array {
    return this.#md5?.digest() ?? new Uint8Array(16)
  }
}
