import { concatBytes } from '../../bytes/concat.js'
import { parseFlacFrameHeader } from '../../formats/flac/frame-header.js'
import { IndexedSpan, type FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { mp3Preroll } from '../../formats/mpeg/exact/preroll.js'
import { Mp3HeaderCapture } from '../../formats/mpeg/header.js'
import type { PacketTimer } from '../../formats/ogg/codecs/codec.js'
import { OggHeader } from '../../formats/ogg/header.js'
import { PacketSpan } from '../../formats/ogg/packets/packet-span.js'
import { flacStreamInfo } from '../decode/flac-stream-info.js'
import { ShortBlocks } from './short-blocks.js'

/**
 * Makes the frames of several files fit one stream. Inside a run they do already. Across a gap
 * - MP3 gets the hidden frames that would open a file there: the bit reservoir is not the one that the next frame needs;
 * - Vorbis decodes the first packet with the half block before the gap: samples are counted as a decoder will give them;
 * - Opus forgets what was before within a few packets, FLAC and PCM at once; AAC fades over one frame.
 * FLAC frames that carry sample numbers may be of any size, but only the last of fewer than 16 samples.
 */
export class Joiner {
  readonly #header: HeaderCapture
  readonly #timer?: PacketTimer
  /** Present where FLAC frames carry sample numbers. */
  readonly #shortBlocks?: ShortBlocks
  #begun = false

  /**
   * @param header - of the new file
   * @param bySample - whether its FLAC frames carry sample numbers
   */
  constructor(header: HeaderCapture, bySample: boolean) {
    this.#header = header
    if (header instanceof OggHeader) this.#timer = header.codec.readHeaders(header.packets)?.timer
    const streamInfo = bySample ? flacStreamInfo(header) : undefined
    if (streamInfo) this.#shortBlocks = new ShortBlocks(streamInfo)
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
   * The frames as they go on in the new file; undefined when all of them wait for those behind.
   * @param history - frames before the first of all; needed with that alone
   * @param isLast - whether they are of the last recording, whose end may be trimmed
   */
  fit(found: FrameSpan, isLast: boolean, history: readonly FrameSpan[] = []): FrameSpan | undefined {
    const frames = this.#shortBlocks?.pass(found, isLast)
    const span = frames ? this.#spanOf(frames, found) : found
    if (!span) return undefined
    if (!(span instanceof PacketSpan) || !this.#timer) return this.#shortBlocks ? withHeader(span, this.#header) : span
    const first = !this.#begun
    this.#begun = true
    const last = history.at(-1)
    if (first && last) this.#timer(last.frame(last.frames - 1))
    const decodedOffsets = [0]
    for (let frame = 0; frame < span.frames; frame++) {
      decodedOffsets.push(decodedOffsets[frame] + Math.max(0, this.#timer(span.frame(frame))))
    }
    // what is hidden or cut off amid the new stream is heard
    if (first) return withTrims(span, this.#header, span, span.hiddenSamples, isLast ? span.trimmedSamples : 0)
    return withTrims(span, this.#header, decodedOffsets, 0, isLast ? span.trimmedSamples : 0)
  }

  /** Samples that wait for the frame behind. */
  get heldSamples(): number {
    return this.#shortBlocks?.heldSamples ?? 0
  }

  /** What still waits when nothing follows. */
  rest(): FrameSpan | undefined {
    return this.#spanOf(this.#shortBlocks?.rest() ?? [])
  }

  #spanOf(frames: readonly Uint8Array[], from?: FrameSpan): FrameSpan | undefined {
    if (frames.length === 0) return undefined
    const overheadBytes = from?.overheadBytes ?? 0
    const byteOffsets = [0]
    const sampleOffsets = [0]
    for (const [index, frame] of frames.entries()) {
      byteOffsets.push(byteOffsets[index] + frame.length)
      sampleOffsets.push(sampleOffsets[index] + (parseFlacFrameHeader(frame)?.blockSize ?? 0))
    }
    const header = this.#header
    const bytes = concatBytes(frames)
    if (!(header instanceof OggHeader)) return new IndexedSpan(header, bytes, byteOffsets, sampleOffsets, overheadBytes)
    const trims = { hiddenSamples: 0, trimmedSamples: 0, overheadBytes }
    return new PacketSpan({ header, bytes, byteOffsets, decodedOffsets: sampleOffsets, ...trims })
  }
}

/** The same frames in another stream. */
function withHeader(span: FrameSpan, header: HeaderCapture): FrameSpan {
  const frames = Array.from({ length: span.frames + 1 }, (_, frame) => frame)
  return new IndexedSpan(
    header,
    span.bytes,
    frames.map((frame) => span.byteOffset(frame)),
    frames.map((frame) => span.sampleOffset(frame)),
    span.overheadBytes,
  )
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
