import { Md5 } from '../../bytes/md5.js'
import { FlacFrameDecoder } from './decode/frame-decoder.js'
import { PcmInterleaver } from './decode/pcm.js'
import type { FlacFrameHeader } from './frame-header.js'

/** MD5 of the audio in the frames of one file, as STREAMINFO carries it. */
export class PcmMd5 {
  readonly #decoder = new FlacFrameDecoder()
  readonly #pcm = new PcmInterleaver()
  readonly #bitsPerSample: number
  #md5: Md5 | undefined = new Md5()

  constructor(bitsPerSample: number) {
    this.#bitsPerSample = bitsPerSample
  }

  /** Adds a frame. One that breaks the rules makes the sum unknown. */
  add(frame: Uint8Array, header: FlacFrameHeader): void {
    if (!this.#md5) return
    const channels = this.#decoder.decode(frame, header, header.bitsPerSample || this.#bitsPerSample)
    if (channels) this.#md5.update(this.#pcm.interleave(channels, this.#bitsPerSample))
    else this.#md5 = undefined
  }

  /** The 16 bytes of the sum, all zero when unknown; ends it. */
  digest(): Uint8Array {
    return this.#md5?.digest() ?? new Uint8Array(16)
  }
}
