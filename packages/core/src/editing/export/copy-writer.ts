import { IsrError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import type { RecordedFile } from '../file-frames.js'
import { framesBetween } from '../frames-between.js'
import type { PieceWriter } from '../piece-writer.js'
import type { ExportWriter, PartInput, WrittenPart } from './export.js'
import { FlacNumbering, numberedBySample } from './flac-numbering.js'
import { Joiner } from './joiner.js'
import { sameStream, streamName } from './same-stream.js'
import { silenceFor } from './silence.js'

/** What a {@link CopyWriter} is made of. */
export interface CopyWriterOptions {
  /** Writes the file, once the first frame has told what it is and when it began. */
  readonly begin: (part: PartInput, startSeconds: number) => PieceWriter
  /** How much before the first frame may be needed; default what the format of the files says. */
  readonly container?: Pick<Format, 'historySeconds'>
  /** Whether gaps will be filled. */
  readonly fillGaps: boolean
  /** Stops it. */
  readonly signal?: AbortSignal
}

/** Copies the frames of recordings of one kind into one file, without decoding. */
export class CopyWriter implements ExportWriter {
  readonly #options: CopyWriterOptions
  #header?: HeaderCapture
  #name = ''
  readonly #numbering = new FlacNumbering()
  #joiner?: Joiner
  #writer?: PieceWriter
  /** Silence that was too short for a frame, in samples. */
  #silenceLeft = 0

  constructor(options: CopyWriterOptions) {
    this.#options = options
  }

  /** Writes the file; undefined before the first part. */
  get piece(): PieceWriter | undefined {
    return this.#writer
  }

  get seconds(): number {
    return this.#header ? this.#samples / this.#header.info.sampleRateHz : 0
  }

  /** Samples so far, those that wait for the next frame included. */
  get #samples(): number {
    return (this.#writer?.counts.samples ?? 0) + (this.#joiner?.heldSamples ?? 0)
  }

  check({ layout }: RecordedFile, name: string): void {
    const { header } = layout
    this.#numbering.add(layout)
    if (!this.#header) {
      if (this.#options.fillGaps && !silenceFor(header)) {
        throw new IsrError(
          'ISR_ARGUMENT_INVALID',
          `gaps in ${streamName(header)} cannot be filled with silence without decoding: export as wav`,
        )
      }
      this.#header = header
      this.#name = name
      return
    }
    if (sameStream(this.#header, header)) return
    throw new IsrError(
      'ISR_FORMATS_DIFFER',
      `${this.#name} is ${streamName(this.#header)} and ${name} another: ${streamName(header)}; ` +
        'export a span of one kind, or as wav',
    )
  }

  async write(part: PartInput, before: (startSeconds: number) => number, onProgress: () => void): Promise<WrittenPart> {
    const { container, signal } = this.#options
    const { file, range, isLast } = part
    const { historySeconds } = container ?? file.format
    let samplesBefore = -1
    let filledSeconds = 0
    for await (const { span, startSeconds, history } of framesBetween(file, range, { historySeconds, signal })) {
      if (samplesBefore < 0) {
        const fill = before(startSeconds)
        if (!this.#writer) {
          this.#writer = this.#options.begin(part, startSeconds)
          const { bySample } = this.#numbering
          this.#header = bySample ? numberedBySample(span.header) : span.header
          this.#joiner = new Joiner(this.#header, bySample)
        } else if (!part.follows) {
          filledSeconds = await this.#fill(fill)
          const seam = this.#joiner!.seam(span, history ?? [])
          if (seam) await this.#writer.write(seam)
        }
        samplesBefore = this.#samples
      }
      const fitted = this.#joiner!.fit(span, isLast, history)
      if (fitted) await this.#writer!.write(fitted, history)
      onProgress()
    }
    if (samplesBefore < 0) return { seconds: 0, filledSeconds }
    const { sampleRateHz } = this.#header!.info
    return { seconds: (this.#samples - samplesBefore) / sampleRateHz, filledSeconds }
  }

  async finish(): Promise<void> {
    const rest = this.#joiner?.rest()
    if (rest) await this.#writer?.write(rest)
  }

  /** Whole frames of silence; what is left over counts for the next gap, so that the times stay right. */
  async #fill(seconds: number): Promise<number> {
    const silence = seconds > 0 ? silenceFor(this.#header!) : undefined
    if (!silence) return 0
    const { sampleRateHz } = this.#header!.info
    const wanted = seconds * sampleRateHz + this.#silenceLeft
    const frames = Math.max(0, Math.round(wanted / silence.samplesPerFrame))
    this.#silenceLeft = wanted - frames * silence.samplesPerFrame
    for (const span of silence.spans(frames)) {
      const fitted = this.#joiner!.fit(span, false)
      if (fitted) await this.#writer!.write(fitted)
    }
    return (frames * silence.samplesPerFrame) / sampleRateHz
  }
}
