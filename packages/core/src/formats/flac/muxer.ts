import { concatBytes } from '../../bytes/concat.js'
import { IsrError } from '../../errors.js'
import type { EpochMs } from '../../model.js'
import type { Muxer, MuxerContext, MuxerCounts, MuxerEnd } from '../format.js'
import type { FrameSpan } from '../frame-span.js'
import type { HeaderCapture } from '../header-capture.js'
import { FileTags } from '../tags/file-tags.js'
import { CommentBlock } from '../tags/recording-comment.js'
import { tagPatch } from '../tags/tag-room.js'
import { parseFlacFrameHeader, type FlacFrameHeader } from './frame-header.js'
import { FlacHeader } from './header.js'
import {
  BLOCK_HEADER_BYTES,
  BLOCK_TYPE,
  buildMetadataBlock,
  FLAC_HEAD_BYTES,
  FLAC_MAGIC,
} from './blocks/metadata-block.js'
import { PcmMd5 } from './pcm-md5.js'
import { isNumbered, MOST_GROWTH_BYTES, renumberFlacFrameInto } from './renumber.js'
import { SeekTable } from './blocks/seek-table.js'
import { buildFlacStreamInfo, FlacTotals } from './blocks/streaminfo.js'

const STREAMINFO_OFFSET_BYTES = FLAC_MAGIC.length + BLOCK_HEADER_BYTES

/** The MD5 of the audio of one file. */
export interface AudioSum {
  /** Tells of every frame, in order. */
  add(frame: Uint8Array, header: FlacFrameHeader): void
  /** The 16 bytes of the sum, all zero when unknown; ends it. */
  digest(): Uint8Array
}

/**
 * One FLAC file: frames renumbered from 0, subframes untouched, so the audio is the source's bit for bit.
 * While it grows STREAMINFO says "unknown" for total and MD5, the seek points are placeholders, and a PADDING block keeps the
 * place of chapters; the end patches them in. The seek table comes last, so that all tags lie in the first block of the file.
 * Files join exactly without any pre-roll.
 */
export class FlacMuxer implements Muxer {
  readonly patchesHeadOnly = true
  readonly #header: FlacHeader
  readonly #tags: FileTags
  readonly #comment: CommentBlock
  readonly #totals: FlacTotals
  readonly #md5: AudioSum
  readonly #seekTable: SeekTable
  #frames = 0
  /** Comment and padding as they stand in the file. */
  readonly #tagBlocks: Uint8Array
  /** Bytes of frames so far. */
  #bytes = 0

  /**
   * @param md5 - Default what the frames are decoded to
   * @throws {@link IsrError} `ISR_ARGUMENT_INVALID` when `header` did not come from a FLAC framer
   */
  constructor(header: HeaderCapture, context: MuxerContext, md5?: AudioSum) {
    if (!(header instanceof FlacHeader)) {
      throw new IsrError('ISR_ARGUMENT_INVALID', `header: a FLAC file needs a FLAC header, not ${header.format}`)
    }
    this.#header = header
    this.#tags = new FileTags(context, header.info.sampleRateHz)
    this.#comment = new CommentBlock(header.comment, this.#tags.facts, FLAC_HEAD_BYTES + 2 * BLOCK_HEADER_BYTES)
    this.#totals = new FlacTotals(header.variableBlockSize, header.streamInfo.maxBlockSize)
    this.#md5 = md5 ?? new PcmMd5(header.streamInfo.bitsPerSample)
    this.#seekTable = new SeekTable(header.info.sampleRateHz)
    this.#tagBlocks = this.#buildTagBlocks()
  }

  get counts(): MuxerCounts {
    return { frames: this.#frames, samples: this.#totals.samples, prerollFrames: 0, prerollSamples: 0 }
  }

  begin(): Uint8Array {
    const unknown = { minFrameBytes: 0, maxFrameBytes: 0, totalSamples: 0, md5: new Uint8Array(16) }
    return concatBytes([
      FLAC_MAGIC,
      buildMetadataBlock(BLOCK_TYPE.streamInfo, buildFlacStreamInfo({ ...this.#header.streamInfo, ...unknown }), false),
      this.#tagBlocks,
      buildMetadataBlock(BLOCK_TYPE.seekTable, this.#seekTable.build(), true),
    ])
  }

  /** @param sample - where it begins, when that is later than the end of the frames so far */
  mark(title: string, sample: number = this.#totals.samples): void {
    this.#tags.mark(title, sample)
  }

  retime(startedAt: EpochMs): void {
    this.#tags.retime(startedAt)
  }

  write(span: FrameSpan): Uint8Array {
    const { variableBlockSize } = this.#header
    const first = parseFlacFrameHeader(span.bytes)
    // Numbers inside a span follow each other: where the first is right, all are.
    const same = first !== undefined && isNumbered(first, this.#nextNumber, variableBlockSize)
    const out = same ? span.bytes : new Uint8Array(span.bytes.length + MOST_GROWTH_BYTES * span.frames)
    let size = 0
    for (let index = 0; index < span.frames; index++) {
      const frame = span.frame(index)
      const header = parseFlacFrameHeader(frame)
      if (!header) continue
      const written = same
        ? frame.length
        : renumberFlacFrameInto(out, size, frame, header, this.#nextNumber, variableBlockSize)
      this.#count(frame, header, written)
      size += written
    }
    return out.subarray(0, size)
  }

  end(): MuxerEnd {
    const streamInfo = this.#totals.complete(this.#header.streamInfo, this.#md5.digest())
    const seekTableOffset = FLAC_HEAD_BYTES + this.#tagBlocks.length + BLOCK_HEADER_BYTES
    return {
      tail: new Uint8Array(0),
      patches: [
        { offsetBytes: STREAMINFO_OFFSET_BYTES, bytes: buildFlacStreamInfo(streamInfo) },
        ...tagPatch(this.#tagBlocks, this.#buildTagBlocks(), FLAC_HEAD_BYTES),
        { offsetBytes: seekTableOffset, bytes: this.#seekTable.build() },
      ],
    }
  }

  /** Always of the same length: chapters take their place from the padding. */
  #buildTagBlocks(): Uint8Array {
    const { sizeBytes, roomBytes } = this.#comment
    const comment = this.#comment.write(this.#tags.facts, this.#tags.chapters(this.#totals.samples))
    const block = buildMetadataBlock(BLOCK_TYPE.vorbisComment, comment, false)
    if (roomBytes === 0) return block
    const padding = new Uint8Array(sizeBytes + roomBytes - comment.length)
    return concatBytes([block, buildMetadataBlock(BLOCK_TYPE.padding, padding, false)])
  }

  get #nextNumber(): number {
    return this.#header.variableBlockSize ? this.#totals.samples : this.#frames
  }

  #count(frame: Uint8Array, header: FlacFrameHeader, written: number): void {
    this.#md5.add(frame, header)
    this.#seekTable.add(this.#totals.samples, this.#bytes, header.blockSize)
    this.#totals.add(header.blockSize, written)
    this.#frames++
    this.#bytes += written
  }
}
