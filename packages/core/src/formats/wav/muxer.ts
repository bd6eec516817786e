import { concatBytes } from '../../bytes/concat.js'
import { IsrError } from '../../errors.js'
import type { EpochMs } from '../../model.js'
import type { Muxer, MuxerContext, MuxerCounts, MuxerEnd } from '../format.js'
import type { FrameSpan } from '../frame-span.js'
import type { HeaderCapture } from '../header-capture.js'
import { FileTags } from '../tags/file-tags.js'
import { chapterRoomBytes, tagPatch } from '../tags/tag-room.js'
import { buildCuePoints } from './tags/cue-points.js'
import { buildFmt } from './fmt-chunk.js'
import { WavHeader } from './header.js'
import { blockAlignBytes } from './layout.js'
import { buildChunk, CHUNK_HEADER_BYTES } from './riff.js'
import { DS64_BODY_BYTES, uint32, UNKNOWN_SIZE, wavSizePatches } from './sizes.js'
import { buildBext, buildInfo } from './tags/recording-chunks.js'

/**
 * One WAV file. Sizes are 0xFFFFFFFF while it grows, which players read as "to the end of the file", and are patched at the end.
 * Past 4 GiB the file becomes RF64: the JUNK chunk that holds its place turns into `ds64`. Titles that began in it become cue
 * points, in the place of a second JUNK chunk.
 * Files join exactly without any pre-roll.
 * @source EBU Tech 3306
 */
export class WavMuxer implements Muxer {
  readonly patchesHeadOnly = true
  readonly #header: WavHeader
  readonly #tags: FileTags
  readonly #blockAlign: number
  #head: Uint8Array = new Uint8Array(0)
  /** Bytes of the chunks for cue points; undefined before `begin`. */
  #roomBytes: number | undefined
  /** Where the count of samples stands that float files carry; 0 when there is none. */
  #factOffset = 0
  #dataBytes = 0

  /** @throws {@link IsrError} `ISR_ARGUMENT_INVALID` when `header` did not come from a WAV or PCM framer */
  constructor(header: HeaderCapture, context: MuxerContext) {
    if (!(header instanceof WavHeader)) {
      throw new IsrError('ISR_ARGUMENT_INVALID', `header: a WAV file needs a WAV header, not ${header.format}`)
    }
    this.#header = header
    this.#tags = new FileTags(context, header.info.sampleRateHz)
    this.#blockAlign = blockAlignBytes(header.layout)
  }

  get counts(): MuxerCounts {
    const samples = this.#dataBytes / this.#blockAlign
    return { frames: samples, samples, prerollFrames: 0, prerollSamples: 0 }
  }

  begin(): Uint8Array {
    return (this.#head = this.#buildHead())
  }

  #buildHead(): Uint8Array {
    const { facts } = this.#tags
    const { layout } = this.#header
    const riff = buildChunk('RIFF', new Uint8Array(4))
    riff.set([0x57, 0x41, 0x56, 0x45], CHUNK_HEADER_BYTES)
    const parts = [riff, buildChunk('JUNK', new Uint8Array(DS64_BODY_BYTES)), buildFmt(this.#header)]
    const size = () => parts.reduce((sum, part) => sum + part.length, 0)
    if (layout.sampleFormat === 'f32') {
      this.#factOffset = size() + CHUNK_HEADER_BYTES
      parts.push(buildChunk('fact', new Uint8Array(4)))
    }
    parts.push(buildBext(facts, layout.sampleRateHz), buildInfo(facts))
    this.#roomBytes ??= evenRoom(size() + CHUNK_HEADER_BYTES, facts.title !== undefined)
    parts.push(buildCuePoints(this.#tags.chapters(this.counts.samples), this.#roomBytes))
    const head = concatBytes([...parts, buildChunk('data', new Uint8Array(0))])
    head.set(uint32(UNKNOWN_SIZE), 4)
    head.set(uint32(UNKNOWN_SIZE), head.length - 4)
    return head
  }

  mark(title: string): void {
    this.#tags.mark(title, this.counts.samples)
  }

  retime(startedAt: EpochMs): void {
    this.#tags.retime(startedAt)
  }

  write(span: FrameSpan): Uint8Array {
    this.#dataBytes += span.bytes.length
    return span.bytes
  }

  end(): MuxerEnd {
    const tail = new Uint8Array(this.#dataBytes % 2)
    const sizes = wavSizePatches({
      headerBytes: this.#head.length,
      factOffset: this.#factOffset,
      dataBytes: this.#dataBytes,
      tailBytes: tail.length,
      samples: this.counts.samples,
    })
    return { tail, patches: [...tagPatch(this.#head, this.#buildHead(), 0), ...sizes] }
  }
}

/** Chunks begin at even places. */
function evenRoom(usedBytes: number, titled: boolean): number {
  return chapterRoomBytes(usedBytes, titled) & ~1
}
