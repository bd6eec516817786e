import { ByteQueue } from '../../src/bytes/byte-queue.js'
import type { FileReading } from '../../src/formats/file-layout.js'
import type { Format, Framer, FramerSink, Muxer, MuxerContext, MuxerEnd } from '../../src/formats/format.js'
import { UniformSpan, type FrameSpan } from '../../src/formats/frame-span.js'
import { HeaderCapture } from '../../src/formats/header-capture.js'

export const FRAME_BYTES = 100
const FRAME_SAMPLES = 100
const RATE_HZ = 1000
const DOTS = '.'.repeat(FRAME_BYTES - 10)

/** A frame that carries its number: `F`, stream letter, number as 7 digits, dots, newline. */
export function numberedFrames(from: number, count: number, stream = 'a'): Uint8Array {
  let text = ''
  for (let number = from; number < from + count; number++)
    text += `F${stream}${String(number).padStart(7, '0')}${DOTS}\n`
  return new TextEncoder().encode(text)
}

/** Numbers of the frames in a file or payload; throws on anything else. */
export function frameNumbers(bytes: Uint8Array): number[] {
  const lines = new TextDecoder().decode(bytes).split('\n')
  if (lines[0].startsWith('HEAD')) lines.shift()
  if (lines.at(-1) !== '') throw new Error(`torn frame: ${lines.at(-1)}`)
  return lines.slice(0, -1).map((line) => {
    if (!/^F[a-z]\d{7}\.{90}$/.test(line)) throw new Error(`no frame: ${line}`)
    return Number(line.slice(2, 9))
  })
}

/** Where a frame stands is arithmetic. */
const numberedFile: FileReading = {
  *inspect(sizeBytes) {
    const head = new TextDecoder().decode(yield { startByte: 0, endByte: Math.min(sizeBytes, 1000) })
    const framesStartByte = head.search(/F[a-z]\d{7}\.{90}\n/)
    if (framesStartByte < 0) return undefined
    const frames = Math.floor((sizeBytes - framesStartByte) / FRAME_BYTES)
    const framesEndByte = framesStartByte + frames * FRAME_BYTES
    const samples = frames * FRAME_SAMPLES
    return { header: header(), framesStartByte, framesEndByte, prerollFrames: 0, hiddenSamples: 0, samples }
  },
  *seek({ framesStartByte, samples = 0 }, _sizeBytes, sample) {
    const frame = Math.max(0, Math.floor(Math.min(sample, samples - 1) / FRAME_SAMPLES))
    const byte = framesStartByte + frame * FRAME_BYTES
    yield { startByte: byte, endByte: byte }
    return { byte, sample: frame * FRAME_SAMPLES, frame }
  },
  resume: (layout, _point, sink) => new NumberedFramer(sink, layout.header),
}

/** A container made for tests: trivial to judge, with everything that recorders must handle. */
export const numberedFormat: Format = {
  name: 'numbered',
  contentTypes: ['audio/x-numbered'],
  historySeconds: 1,
  sniff: (head) => (/F[a-z]\d{7}\.{90}\n/.test(new TextDecoder().decode(head)) ? 1 : 0),
  createFramer: (sink) => new NumberedFramer(sink),
  createMuxer: (_header, context) => new NumberedMuxer(context),
  file: numberedFile,
}

class NumberedFramer implements Framer {
  readonly #queue = new ByteQueue()
  #header?: HeaderCapture
  #stream = ''

  constructor(
    readonly sink: FramerSink,
    header?: HeaderCapture,
  ) {
    this.#header = header
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes)
    while (this.#queue.length >= FRAME_BYTES) {
      const frame = this.#queue.bytes.subarray(0, FRAME_BYTES)
      if (frame[0] !== 0x46 || frame[FRAME_BYTES - 1] !== 0x0a) {
        this.#queue.consume(1)
        this.sink.onDiscard(1, 'sync')
        continue
      }
      const stream = String.fromCharCode(frame[1])
      if (!this.#header || (this.#stream && stream !== this.#stream)) this.#header = header()
      this.#stream = stream
      this.#queue.consume(FRAME_BYTES)
      this.sink.onSpan(new UniformSpan(this.#header, frame, FRAME_BYTES, FRAME_SAMPLES))
    }
  }

  flush(): void {
    if (this.#queue.length > 0) this.sink.onDiscard(this.#queue.length, 'partial-frame')
    this.#queue.clear()
  }
}

const header = () =>
  new HeaderCapture({
    format: 'numbered',
    extension: 'num',
    info: { codec: 'pcm', sampleRateHz: RATE_HZ, channels: 1, bitrateBps: 8000 },
  })

class NumberedMuxer implements Muxer {
  readonly counts = { frames: 0, samples: 0, prerollFrames: 0, prerollSamples: 0 }
  readonly #head: Uint8Array

  constructor(context: MuxerContext) {
    this.#head = new TextEncoder().encode(
      `HEAD ${context.title ?? '-'} ${context.history.length > 0 ? 'more' : 'first'}\n`,
    )
  }

  begin(): Uint8Array {
    return this.#head
  }

  mark(): void {}

  retime(): void {}

  write(span: FrameSpan): Uint8Array {
    this.counts.frames += span.frames
    this.counts.samples += span.samples
    return span.bytes
  }

  end(): MuxerEnd {
    return { tail: new Uint8Array(0), patches: [{ offsetBytes: 0, bytes: new TextEncoder().encode('HEAD') }] }
  }
}
