import { ByteQueue } from '../../bytes/byte-queue.js'
import type { PcmLayout } from '../../model.js'
import type { Framer, FramerSink } from '../format.js'
import { UniformSpan } from '../frame-span.js'
import { WavHeader } from './header.js'
import { blockAlignBytes } from './layout.js'

/** Raw PCM whose layout is known beforehand: a soundcard, a program. A frame is one sample of all channels. */
export class PcmFramer implements Framer {
  readonly #header: WavHeader
  readonly #blockAlign: number
  readonly #sink: FramerSink
  readonly #queue = new ByteQueue()

  /**
   * @param layout - of every byte of the connection
   * @param sink - takes what is found
   */
  constructor(layout: PcmLayout, sink: FramerSink) {
    this.#header = new WavHeader({ layout })
    this.#blockAlign = blockAlignBytes(layout)
    this.#sink = sink
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes)
    const whole = this.#queue.length - (this.#queue.length % this.#blockAlign)
    if (whole === 0) return
    const span = new UniformSpan(this.#header, this.#queue.bytes.subarray(0, whole), this.#blockAlign, 1)
    this.#queue.consume(whole)
    this.#sink.onSpan(span)
  }

  flush(): void {
    if (this.#queue.length > 0) this.#sink.onDiscard(this.#queue.length, 'partial-frame')
    this.#queue.clear()
  }
}
