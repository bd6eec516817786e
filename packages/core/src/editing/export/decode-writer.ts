import type { OpenDecoder } from '../../decoders/decoder.js'
import { IsrError } from '../../errors.js'
import { UniformSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { WavHeader } from '../../formats/wav/header.js'
import { blockAlignBytes } from '../../formats/wav/layout.js'
import { decodeBetween } from '../decode/decode-between.js'
import { flacStreamInfo } from '../decode/flac-stream-info.js'
import { pcmBytes, type WrittenFormat } from '../decode/pcm-bytes.js'
import type { RecordedFile } from '../file-frames.js'
import type { PieceWriter } from '../piece-writer.js'
import type { ExportWriter, PartInput, WrittenPart } from './export.js'
import { streamName } from './same-stream.js'
import { silenceFor } from './silence.js'

/** From the least to the most exact. */
const FORMATS: readonly WrittenFormat[] = ['s16', 's24', 'f32']

/** What a {@link DecodeWriter} is made of. */
export interface DecodeWriterOptions {
  /** Writes the file, once the first sample has told when it began. */
  readonly begin: (part: PartInput, startSeconds: number) => PieceWriter
  /** Opens decoders. */
  readonly openDecoder: OpenDecoder
  /** Stops it. */
  readonly signal?: AbortSignal
}

/**
 * Decodes recordings of any kinds into one file of PCM, or encoded from it: of 16 bits, or of 24 or float where a recording has more. Rates and channels
 * must be the same: nothing is resampled.
 */
export class DecodeWriter implements ExportWriter {
  readonly #options: DecodeWriterOptions
  #header?: HeaderCapture
  #name = ''
  #format: WrittenFormat = 's16'
  #wav?: WavHeader
  #writer?: PieceWriter

  constructor(options: DecodeWriterOptions) {
    this.#options = options
  }

  /** Writes the file; undefined before the first part. */
  get piece(): PieceWriter | undefined {
    return this.#writer
  }

  get seconds(): number {
    if (!this.#writer || !this.#wav) return 0
    // an encoder waits for a whole block
    const { samples, held } = this.#writer.counts
    return (samples + (held?.samples ?? 0)) / this.#wav.layout.sampleRateHz
  }

  check({ layout: { header } }: RecordedFile, name: string): void {
    const format = exactFormat(header)
    if (FORMATS.indexOf(format) > FORMATS.indexOf(this.#format)) this.#format = format
    if (!this.#header) {
      this.#header = header
      this.#name = name
      return
    }
    const { sampleRateHz, channels } = this.#header.info
    if (header.info.sampleRateHz === sampleRateHz && header.info.channels === channels) return
    throw new IsrError(
      'ISR_FORMATS_DIFFER',
      `${this.#name} is ${streamName(this.#header)} and ${name} is ${streamName(header)}: nothing is resampled; ` +
        'export a span of one rate and number of channels',
    )
  }

  async write(part: PartInput, before: (startSeconds: number) => number, onProgress: () => void): Promise<WrittenPart> {
    let samples = 0
    let filledSeconds = 0
    for await (const { planes, header, startSeconds } of decodeBetween(part.file, part.range, this.#options)) {
      const { sampleRateHz, channels } = header.info
      if (samples === 0) {
        const fill = before(startSeconds)
        this.#wav ??= new WavHeader({ layout: { sampleRateHz, channels, sampleFormat: this.#format } })
        this.#writer ??= this.#options.begin(part, startSeconds)
        filledSeconds = await this.#fill(this.#wav, this.#writer, fill)
      }
      const bytes = pcmBytes(planes, this.#format)
      await this.#writer!.write(new UniformSpan(this.#wav!, bytes, blockAlignBytes(this.#wav!.layout), 1))
      samples += planes[0].length
      onProgress()
    }
    return { seconds: this.#wav ? samples / this.#wav.layout.sampleRateHz : 0, filledSeconds }
  }

  async #fill(header: WavHeader, writer: PieceWriter, seconds: number): Promise<number> {
    const samples = Math.round(seconds * header.layout.sampleRateHz)
    for (const span of silenceFor(header)!.spans(samples)) await writer.write(span)
    return samples / header.layout.sampleRateHz
  }
}

/** The least format that holds what a stream decodes to. */
function exactFormat(header: HeaderCapture): WrittenFormat {
  if (header instanceof WavHeader) {
    const { sampleFormat } = header.layout
    return sampleFormat === 's32' ? 's24' : sampleFormat
  }
  return header.info.codec === 'flac' && (flacStreamInfo(header)?.bitsPerSample ?? 16) > 16 ? 's24' : 's16'
}
