import type { Format } from '../format.js'
import { isCertainlyUnknown } from './unknown-bytes.js'

/** What is looked at, step by step: ever longer heads, then windows further on. Fixed, so that chunks make no difference. */
const STEPS: readonly { readonly from: number; readonly to: number }[] = [
  ...[512, 1024, 2048, 4096, 8192, 16384].map((to) => ({ from: 0, to })),
  ...[24576, 32768, 40960, 49152, 57344, 65536].map((to) => ({ from: to - 16384, to })),
]
/** The longest head that a format is asked about, in bytes. */
const WINDOW_BYTES = 16384
/** So sure a format has to be to get a head shorter than {@link WINDOW_BYTES}. */
const CERTAIN = 0.9
/** So sure it has to be in the end. */
const SUFFICIENT = 0.25
/** What a fitting media type adds: it may tip the scales, never outweigh the content. */
const HINT = 0.1

/** After so many bytes without a format there is none. */
export const DETECTION_BYTES = 65536

/** Asks formats about the first bytes of a stream. */
export class FormatDetector {
  readonly #formats: readonly Format[]
  readonly #contentType: string
  #step = 0

  /** @param contentType - lower-case media type, `''` when there is none */
  constructor(formats: readonly Format[], contentType: string) {
    this.#formats = formats
    this.#contentType = contentType
  }

  /** Bytes from the start of the stream that the next question needs. */
  get neededBytes(): number {
    return STEPS[this.#step]?.to ?? Infinity
  }

  /**
   * The format of a stream that starts with `bytes`; `more` when it takes more bytes to tell, `unknown` when there is none.
   * @param final - no more bytes will come
   */
  examine(bytes: Uint8Array, final: boolean): Format | 'more' | 'unknown' {
    for (; this.#step < STEPS.length; this.#step++) {
      const { from, to } = STEPS[this.#step]
      if (to > bytes.length) break
      const head = bytes.subarray(from, to)
      const { format, confidence } = this.#best(head)
      if (format && confidence >= (to < WINDOW_BYTES ? CERTAIN : SUFFICIENT)) return format
      if (from === 0 && confidence === 0 && isCertainlyUnknown(head)) return 'unknown'
    }
    if (this.#step >= STEPS.length) return 'unknown'
    if (!final) return 'more'
    const { format, confidence } = this.#best(bytes.subarray(Math.max(0, bytes.length - WINDOW_BYTES)))
    return format && confidence >= SUFFICIENT ? format : 'unknown'
  }

  /** The first of the surest. */
  #best(head: Uint8Array): { readonly format?: Format; readonly confidence: number } {
    let best: { format?: Format; confidence: number } = { confidence: 0 }
    for (const format of this.#formats) {
      const sniffed = format.sniff(head)
      const hint = sniffed > 0 && format.contentTypes.includes(this.#contentType) ? HINT : 0
      if (sniffed + hint > best.confidence) best = { format, confidence: sniffed + hint }
    }
    return best
  }
}
