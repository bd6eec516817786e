import { concatBytes } from '../../../bytes/concat.js'
import { crc16Reflected } from '../../../bytes/crc/crc16.js'
import type { EpochMs } from '../../../model.js'
import type { Muxer, MuxerContext, MuxerCounts, MuxerEnd } from '../../format.js'
import type { FrameSpan } from '../../frame-span.js'
import { bitrateIndex, parseFrameHeader } from '../frame-header.js'
import type { Mp3HeaderCapture } from '../header.js'
import { infoFrame, type InfoExtent } from '../info-frame.js'
import { givenPreroll, mp3Preroll, type Preroll } from './preroll.js'
import { FileTags } from '../../tags/file-tags.js'
import { tagPatch } from '../../tags/tag-room.js'
import { RecordingTag } from './recording-tag.js'
import { SeekIndex } from './seek-index.js'

const NOTHING = new Uint8Array(0)
/**
 * Samples by which every layer III decoder is late, and cuts off beside the declared delay; declared padding contains them.
 * @source LAME tag revision 1, encoder delays
 */
const DECODER_DELAY_SAMPLES = 529

/**
 * An MP3 file that decodes to exactly its own span: ID3v2 tag, Info frame that declares the hidden pre-roll as encoder delay,
 * pre-roll, then the received frames untouched. Files of one run decoded one after another are the stream, sample for sample.
 * Until `end` the Info frame declares the delay, but neither frames nor bytes: players take it as a file still growing.
 */
export class ExactMp3Muxer implements Muxer {
  readonly patchesHeadOnly = true
  readonly #header: Mp3HeaderCapture
  readonly #tags: FileTags
  readonly #tag: RecordingTag
  #tagBytes: Uint8Array = NOTHING
  readonly #preroll: Preroll
  readonly #index: SeekIndex
  #musicCrc: number
  #frames = 0
  #bitrateIndex = 0
  #bitrateBps: number | undefined
  #vbr = false

  constructor(header: Mp3HeaderCapture, context: MuxerContext) {
    this.#header = header
    this.#tags = new FileTags(context, header.info.sampleRateHz)
    this.#tag = new RecordingTag(this.#tags.facts)
    this.#preroll = context.historyIsPreroll ? givenPreroll(context.history) : mp3Preroll(header, context.history)
    this.#musicCrc = crc16Reflected(this.#preroll.bytes)
    this.#index = new SeekIndex(this.#infoFrame().length)
    for (const length of this.#preroll.frameLengths) this.#index.add(length)
  }

  begin(): Uint8Array {
    this.#tagBytes = this.#tag.write(this.#tags.facts, [])
    return concatBytes([this.#tagBytes, this.#infoFrame(), this.#preroll.bytes])
  }

  mark(title: string): void {
    this.#tags.mark(title, this.counts.samples)
  }

  retime(startedAt: EpochMs): void {
    this.#tags.retime(startedAt)
  }

  write(span: FrameSpan): Uint8Array {
    for (let frame = 0; frame < span.frames; frame++) {
      const at = span.byteOffset(frame)
      const index = bitrateIndex(span.bytes, at)
      if (this.#frames === 0) {
        this.#bitrateIndex = index
        this.#bitrateBps = parseFrameHeader(span.bytes, at)?.bitrateBps
      } else if (index !== this.#bitrateIndex) this.#vbr = true
      this.#index.add(span.byteOffset(frame + 1) - at)
      this.#frames++
    }
    this.#musicCrc = crc16Reflected(span.bytes, 0, span.bytes.length, this.#musicCrc)
    return span.bytes
  }

  end(): MuxerEnd {
    const info = this.#infoFrame({ frames: this.#index.frames, bytes: this.#index.bytes, toc: this.#index.toc() })
    const tag = this.#tag.write(this.#tags.facts, this.#tags.chapters(this.counts.samples))
    const patches = [...tagPatch(this.#tagBytes, tag, 0), { offsetBytes: this.#tag.sizeBytes, bytes: info }]
    return { tail: NOTHING, patches }
  }

  get counts(): MuxerCounts {
    const { samplesPerFrame } = this.#header.first
    return {
      frames: this.#frames,
      samples: this.#frames * samplesPerFrame,
      prerollFrames: this.#preroll.frames,
      prerollSamples: this.#preroll.frames * samplesPerFrame,
    }
  }

  #infoFrame(extent?: InfoExtent): Uint8Array {
    return infoFrame(this.#header.firstHeader, {
      ...(extent && { extent }),
      vbr: this.#vbr,
      delaySamples: this.counts.prerollSamples - DECODER_DELAY_SAMPLES,
      paddingSamples: DECODER_DELAY_SAMPLES,
      musicCrc: extent ? this.#musicCrc : 0,
      ...(this.#bitrateBps !== undefined && { bitrateBps: this.#bitrateBps }),
    })
  }
}
