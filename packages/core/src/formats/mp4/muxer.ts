import { concatBytes } from '../../bytes/concat.js'
import { IsrError } from '../../errors.js'
import { parseFrameHeader } from '../aac/frame-header.js'
import { AacHeaderCapture } from '../aac/header.js'
import type { Muxer, MuxerContext, MuxerCounts, MuxerEnd } from '../format.js'
import type { EpochMs } from '../../model.js'
import type { FrameSpan } from '../frame-span.js'
import type { HeaderCapture } from '../header-capture.js'
import { FileTags } from '../tags/file-tags.js'
import { audioSpecificConfig } from './audio-specific-config.js'
import { box, uint32, utf8 } from './box.js'
import { MEDIA_DATA_HEADER_BYTES, mediaDataHeader } from './media-data.js'
import { movie } from './movie.js'
import { SampleTable } from './sample-table.js'

const SAMPLES_PER_FRAME = 1024
/** HE-AAC plays at twice the rate of its core: 48 kHz at most, in practice. */
const MAX_SBR_CORE_HZ = 24_000

/**
 * AAC frames in, one MP4 file out. Its edit list hides the pre-roll, which ADTS cannot: the file decodes to exactly its span.
 * The table of contents is written at the end, so a file that is not ended cannot be played.
 * @source ISO 14496-12, ISO 14496-14
 */
export class M4aMuxer implements Muxer {
  readonly #header: AacHeaderCapture
  readonly #context: MuxerContext
  readonly #tags: FileTags
  readonly #table: SampleTable
  #config: Uint8Array | undefined
  #headBytes = 0
  #frames = 0
  #prerollFrames = 0

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` when `header` did not come from an ADTS framer */
  constructor(header: HeaderCapture, context: MuxerContext) {
    if (!(header instanceof AacHeaderCapture)) {
      throw new IsrError('ISR_ARGUMENT_INVALID', `header: an MP4 file needs AAC in ADTS, not ${header.format}`)
    }
    this.#header = header
    this.#context = context
    this.#tags = new FileTags(context, header.info.sampleRateHz)
    this.#table = new SampleTable(SAMPLES_PER_FRAME, header.info.sampleRateHz)
  }

  get counts(): MuxerCounts {
    return {
      frames: this.#frames,
      samples: this.#frames * SAMPLES_PER_FRAME,
      prerollFrames: this.#prerollFrames,
      prerollSamples: this.#prerollFrames * SAMPLES_PER_FRAME,
    }
  }

  begin(): Uint8Array {
    const type = box('ftyp', utf8('M4A '), uint32(0), utf8('M4A mp42isom'))
    const head = concatBytes([type, mediaDataHeader()])
    this.#headBytes = head.length
    const { join, historyIsPreroll } = this.#context
    const preroll = join === 'exact' || historyIsPreroll ? this.#preroll() : []
    this.#prerollFrames = preroll.length
    return concatBytes([head, ...preroll.map((frame) => this.#add(frame))])
  }

  mark(title: string): void {
    this.#tags.mark(title, this.counts.samples)
  }

  retime(startedAt: EpochMs): void {
    this.#tags.retime(startedAt)
  }

  write(span: FrameSpan): Uint8Array {
    this.#frames += span.frames
    return concatBytes(Array.from({ length: span.frames }, (_, index) => this.#add(span.frame(index))))
  }

  /** @throws {@link IsrError} `ISR_FORMAT_UNKNOWN` when no frame tells the channels */
  end(): MuxerEnd {
    if (!this.#config) throw new IsrError('ISR_FORMAT_UNKNOWN', 'AAC: no frame tells which channels there are')
    const { sampleRateHz, channels } = this.#header.info
    const { samples, prerollSamples: hiddenSamples } = this.counts
    const { facts: recording } = this.#tags
    const chapters = this.#tags.chapters(samples)
    const facts = { config: this.#config, sampleRateHz, channels, hiddenSamples, recording, chapters }
    const tail = movie(facts, this.#table)
    return {
      tail,
      patches: [
        { offsetBytes: this.#headBytes - MEDIA_DATA_HEADER_BYTES, bytes: mediaDataHeader(this.#table.sizeBytes) },
      ],
    }
  }

  /** The last frames before the cut: to be decoded first, and hidden. */
  #preroll(): Uint8Array[] {
    const wanted = this.#context.historyIsPreroll ? Infinity : prerollFrames(this.#header.info.sampleRateHz)
    const frames: Uint8Array[] = []
    for (const span of this.#context.history.toReversed()) {
      for (let frame = span.frames - 1; frame >= 0; frame--) {
        if (frames.length === wanted) return frames
        frames.unshift(span.frame(frame))
      }
    }
    return frames
  }

  /** The frame without its ADTS header. */
  #add(frame: Uint8Array): Uint8Array {
    const header = parseFrameHeader(frame)
    if (!header) throw new IsrError('ISR_ARGUMENT_INVALID', 'span: no ADTS frame')
    if (header.samples !== SAMPLES_PER_FRAME) {
      throw new IsrError('ISR_FORMAT_UNKNOWN', 'AAC: frames of several blocks cannot stand in an MP4 file')
    }
    this.#config ??= audioSpecificConfig(header, this.#header.channelFrame ?? frame)
    const data = frame.subarray(header.rawDataOffset)
    this.#table.add(this.#headBytes + this.#table.sizeBytes, data.length)
    return data
  }
}

/**
 * A frame overlaps the one before it, so one is enough. But at the rates of HE-AAC's core the frames may carry an extension that
 * cannot be seen without decoding them, and its decoder starts at a header that comes once in half a second.
 * @source ISO 14496-3 §4.6.18.2.1 (SBR headers)
 */
function prerollFrames(sampleRateHz: number): number {
  return sampleRateHz > MAX_SBR_CORE_HZ ? 1 : Math.ceil(sampleRateHz / SAMPLES_PER_FRAME)
}
