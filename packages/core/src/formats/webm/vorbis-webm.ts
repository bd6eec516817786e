import { concatBytes } from '../../bytes/concat.js'
import type { EndlessMuxer } from '../endless/endless.js'
import type { FrameSpan } from '../frame-span.js'
import type { HeaderCapture } from '../header-capture.js'
import { element, endlessElement, floatElement, numberElement, textElement } from './ebml.js'

/** Shorter clusters would be heard a little earlier, and cost more bytes than they save. */
const CLUSTER_SECONDS = 0.5
const NANOSECONDS_PER_MS = 1_000_000
const TRACK = 1
const AUDIO = 2
const VORBIS_HEADERS = 3
/** Number of the track, time against the cluster's in 16 bits, flags: a key frame. */
const BLOCK_HEADER = [0x80 | TRACK, 0, 0, 0x80]
const NOTHING = new Uint8Array(0)

/**
 * Vorbis packets in, clusters of WebM out, each of about half a second: browsers append Vorbis in no other container.
 * @source RFC 9559 (Matroska), §5.1 elements; Matroska Codec Specifications, A_VORBIS
 */
export class VorbisWebm implements EndlessMuxer {
  readonly contentType = 'audio/webm; codecs="vorbis"'
  readonly #header: HeaderCapture
  #blocks: Uint8Array[] = []
  /** Samples before the packets that wait. */
  #sample = 0
  #waiting = 0

  /** @param header - of an Ogg Vorbis stream */
  constructor(header: HeaderCapture) {
    this.#header = header
  }

  begin(): Uint8Array {
    const { sampleRateHz, channels } = this.#header.info
    const audio = element(0xe1, floatElement(0xb5, sampleRateHz), numberElement(0x9f, channels))
    const track = element(
      0xae,
      numberElement(0xd7, TRACK),
      numberElement(0x73c5, TRACK),
      numberElement(0x83, AUDIO),
      textElement(0x86, 'A_VORBIS'),
      element(0x63a2, codecPrivate(this.#header.packets)),
      audio,
    )
    return concatBytes([
      element(
        0x1a45dfa3,
        numberElement(0x4286, 1),
        numberElement(0x42f7, 1),
        numberElement(0x42f2, 4),
        numberElement(0x42f3, 8),
        textElement(0x4282, 'webm'),
        numberElement(0x4287, 4),
        numberElement(0x4285, 2),
      ),
      endlessElement(0x18538067),
      element(
        0x1549a966,
        numberElement(0x2ad7b1, NANOSECONDS_PER_MS),
        textElement(0x4d80, 'ISR'),
        textElement(0x5741, 'ISR'),
      ),
      element(0x1654ae6b, track),
    ])
  }

  write(span: FrameSpan): Uint8Array {
    const { sampleRateHz } = this.#header.info
    for (let frame = 0; frame < span.frames; frame++) {
      const head = Uint8Array.from(BLOCK_HEADER)
      const start = this.#toMs(this.#sample + this.#waiting) - this.#toMs(this.#sample)
      new DataView(head.buffer).setInt16(1, start)
      this.#blocks.push(element(0xa3, head, span.frame(frame)))
      this.#waiting += span.sampleOffset(frame + 1) - span.sampleOffset(frame)
    }
    return this.#waiting >= CLUSTER_SECONDS * sampleRateHz ? this.flush() : NOTHING
  }

  flush(): Uint8Array {
    if (this.#blocks.length === 0) return NOTHING
    const cluster = element(0x1f43b675, numberElement(0xe7, this.#toMs(this.#sample)), ...this.#blocks)
    this.#sample += this.#waiting
    this.#waiting = 0
    this.#blocks = []
    return cluster
  }

  #toMs(samples: number): number {
    return Math.round((1000 * samples) / this.#header.info.sampleRateHz)
  }
}

/** The three header packets, the lengths of the first two before them as Ogg laces them. */
function codecPrivate(packets: readonly Uint8Array[]): Uint8Array {
  const headers = packets.slice(0, VORBIS_HEADERS)
  const laces = headers
    .slice(0, -1)
    .flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255])
  return concatBytes([Uint8Array.of(headers.length - 1, ...laces), ...headers])
}
