import { IsrError } from '../../errors.js'
import { parseFlacFrameHeader } from '../../formats/flac/frame-header.js'
import { IndexedSpan, type FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { mp3Preroll } from '../../formats/mpeg/exact/preroll.js'
import { Mp3HeaderCapture } from '../../formats/mpeg/header.js'
import type { PacketTimer } from '../../formats/ogg/codecs/codec.js'
import { OggHeader } from '../../formats/ogg/header.js'
import { PacketSpan } from '../../formats/ogg/packets/packet-span.js'
import { flacStreamInfo } from '../decode/flac-stream-info.js'

/**
 * Makes the frames of several files fit one stream. Inside a run they do already. Across a gap
 * - MP3 gets the hidden frames that would open a file there: the bit reservoir is not the one that the next frame needs;
 * - Vorbis decodes the first packet with the half block before the gap: samples are counted as a decoder will give them;
 * - Opus forgets what was before within a few packets, FLAC and PCM at once; AAC fades over one frame.
 */
export class Joiner {
  readonly #header: HeaderCapture
  readonly #timer?: PacketTimer
  /** Block size that all FLAC frames but the last must have; undefined when it does not matter. */
  readonly #blockSize?: number
  #shortBlock = false
  #begun = false

  /** @param header - of the new file */
  constructor(header: HeaderCapture) {
    this.#header = header
    if (header instanceof OggHeader) this.#timer = header.codec.readHeaders(header.packets)?.timer
    const info = header.info.codec === 'flac' ? flacStreamInfo(header) : undefined
    if (info && info.minBlockSize === info.maxBlockSize) this.#blockSize = info.maxBlockSize
  }

  /** The hidden frames that a first frame needs after a gap; undefined when it needs none. */
  seam(first: FrameSpan, history: readonly FrameSpan[]): FrameSpan | undefined {
    const { header } = first
    if (!(header instanceof Mp3HeaderCapture)) return undefined
    const { bytes, frameLengths } = mp3Preroll(header, history)
    const byteOffsets = [0]
    for (const length of frameLengths) byteOffsets.push(byteOffsets[byteOffsets.length - 1] + length)
    return new IndexedSpan(
      header,
      bytes,
      byteOffsets,
      byteOffsets.map((_, frame) => frame * header.first.samplesPerFrame),
    )
  }

  /**
   * The frames as they go on in the new file.
   * @param history - frames before the first of all; needed with that alone
   * @param isLast - whether they are of the last recording, whose end may be trimmed
   * @throws {@link IsrError} `ISR_FORMATS_DIFFER` when a block of FLAC that is shorter than the rest would not be the last
   */
  fit(span: FrameSpan, isLast: boolean, history: readonly FrameSpan[] = []): FrameSpan {
    this.#checkBlocks(span)
    if (!(span instanceof PacketSpan) || !this.#timer) return span
    const first = !this.#begun
    this.#begun = true
    const last = history.at(-1)
    if (first && last) this.#timer(last.frame(last.frames - 1))
    const decodedOffsets = [0]
    for (let frame = 0; frame < span.frames; frame++) {
      decodedOffsets.push(decodedOffsets[frame] + Math.max(0, this.#timer(span.frame(frame))))
    }
    // what is hidden or cut off amid the new stream is heard
    if (first) return isLast ? span : withTrims(span, this.#header, span, span.hiddenSamples, 0)
    return withTrims(span, this.#header, decodedOffsets, 0, isLast ? span.trimmedSamples : 0)
  }

  #checkBlocks(span: FrameSpan): void {
    if (this.#blockSize === undefined) return
    if (this.#shortBlock) {
      throw new IsrError(
        'ISR_FORMATS_DIFFER',
        'a recording amid the span ends with a short FLAC block, after which no player could seek: export it as wav',
      )
    }
    const last = parseFlacFrameHeader(span.frame(span.frames - 1))
    this.#shortBlock = last !== undefined && last.blockSize < this.#blockSize
  }
}

function withTrims(
  span: PacketSpan,
  header: HeaderCapture,
  offsets: readonly number[] | PacketSpan,
  hiddenSamples: number,
  trimmedSamples: number,
): PacketSpan {
  const frames = Array.from({ length: span.frames + 1 }, (_, frame) => frame)
  return new PacketSpan({
    header,
    bytes: span.bytes,
    byteOffsets: frames.map((frame) => span.byteOffset(frame)),
    decodedOffsets: offsets instanceof PacketSpan ? frames.map((frame) => offsets.decodedOffset(frame)) : offsets,
    hiddenSamples,
    trimmedSamples,
    overheadBytes: span.overheadBytes,
  })
}
