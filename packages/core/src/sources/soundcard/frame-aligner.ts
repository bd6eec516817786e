import { ByteQueue } from '../../bytes/byte-queue.js'
import type { Encoding } from './capture-programs.js'

/** Magic of a little-endian AU file: some releases of pw-record put that head before raw samples. @source PipeWire pw-cat, libsndfile AU */
const AU_MAGIC = 0x2e736e64
const AU_LEAST_BYTES = 24

/** Makes of the bytes of a capture program whole frames in our own layout: a pipe cuts anywhere, and 24 bits may come in 4 bytes. */
export class FrameAligner {
  readonly #queue = new ByteQueue()
  readonly #encoding: Encoding
  readonly #channels: number
  #headRead: boolean

  constructor(encoding: Encoding, channels: number, mayHaveAuHead = false) {
    this.#encoding = encoding
    this.#channels = channels
    this.#headRead = !mayHaveAuHead
  }

  /** The whole frames that are there now; may be empty. */
  push(bytes: Uint8Array): Uint8Array {
    this.#queue.push(bytes)
    if (!this.#headRead && !this.#readHead()) return new Uint8Array(0)
    const frameBytes = this.#encoding.bytesPerSample * this.#channels
    const whole = this.#queue.length - (this.#queue.length % frameBytes)
    const frames = this.#queue.bytes.subarray(0, whole)
    const out = this.#encoding.keep === undefined ? frames : pack(frames, this.#encoding.keep)
    this.#queue.consume(whole)
    return out
  }

  /** What is left of a frame that never became whole; always less than a frame. */
  rest(): Uint8Array {
    const most = this.#encoding.keep === undefined ? Infinity : 3 * this.#channels - 1
    const rest = this.#queue.bytes.slice(0, Math.min(this.#queue.length, most))
    this.#queue.clear()
    return rest
  }

  /** @returns whether it is known by now, and gone */
  #readHead(): boolean {
    if (this.#queue.length < AU_LEAST_BYTES) return false
    const { buffer, byteOffset, byteLength } = this.#queue.bytes
    const view = new DataView(buffer, byteOffset, byteLength)
    const headBytes = view.getUint32(0, true) === AU_MAGIC ? view.getUint32(4, true) : 0
    if (this.#queue.length < headBytes) return false
    this.#queue.consume(headBytes)
    this.#headRead = true
    return true
  }
}

/** Three of the four bytes of each sample: the low ones hold S24_LE, the high ones the best of S32_LE. */
function pack(samples: Uint8Array, keep: 'low' | 'high'): Uint8Array {
  const packed = new Uint8Array((samples.length / 4) * 3)
  for (let from = keep === 'low' ? 0 : 1, to = 0; to < packed.length; from += 4, to += 3) {
    packed[to] = samples[from]
    packed[to + 1] = samples[from + 1]
    packed[to + 2] = samples[from + 2]
  }
  return packed
}
