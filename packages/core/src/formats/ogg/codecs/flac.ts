import { concatBytes } from '../../../bytes/concat.js'
import { parseFlacFrameHeader } from '../../flac/frame-header.js'
import { PcmMd5 } from '../../flac/pcm-md5.js'
import { FlacRenumberer } from '../../flac/renumber.js'
import { BLOCK_HEADER_BYTES, BLOCK_TYPE, FLAC_MAGIC, buildMetadataBlock } from '../../flac/blocks/metadata-block.js'
import type { Chapter } from '../../tags/chapter.js'
import type { RecordingFacts } from '../../tags/file-tags.js'
import { CommentBlock } from '../../tags/recording-comment.js'
import type { FlacStreamInfo } from '../../flac/blocks/streaminfo.js'
import { FlacTotals, buildFlacStreamInfo, parseFlacStreamInfo } from '../../flac/blocks/streaminfo.js'
import type { VorbisComment } from '../vorbis-comment.js'
import { EMPTY_COMMENT, commentMetadata, readVorbisComment } from '../vorbis-comment.js'
import { FIXED_HEADER_BYTES } from '../page.js'
import { bytesBeforeComment } from './codec.js'
import type { FileStart, OggCodec, OggFile, OggStreamFacts } from './codec.js'

/** `\x7fFLAC`, mapping version 1.0; then the number of header packets, `fLaC` and a whole STREAMINFO block. */
const MAPPING = Uint8Array.of(0x7f, 0x46, 0x4c, 0x41, 0x43, 1, 0)
const STREAMINFO_OFFSET = MAPPING.length + 2 + FLAC_MAGIC.length + 4
/** First byte of every audio packet; no header packet has it. */
const FRAME_SYNC = 0xff
/** Blocks that are true of every file cut from a stream. SEEKTABLE and CUESHEET hold positions, PADDING is our own. */
const KEPT_BLOCK_TYPES = [2 /* APPLICATION */, 6 /* PICTURE */]
const LAST_BLOCK = 0x80

/**
 * FLAC in Ogg: STREAMINFO in the first packet, each other metadata block in a packet of its own, each frame in a packet.
 * @source RFC 9639 §10.1
 */
export const oggFlacCodec: OggCodec = {
  extension: 'oga',
  granuleTrims: { start: false, end: false },
  primes: false,

  recognises(packet) {
    return (
      MAPPING.every((byte, index) => index > 5 || packet[index] === byte) && readOggStreamInfo(packet) !== undefined
    )
  },

  isHeader(packet) {
    return packet.length > 0 && packet[0] !== FRAME_SYNC
  },

  readHeaders(packets): OggStreamFacts | undefined {
    const streamInfo = readOggStreamInfo(packets[0])
    if (streamInfo === undefined) return undefined
    const { sampleRateHz, channels } = streamInfo
    return {
      info: { codec: 'flac', sampleRateHz, channels, bitrateBps: 0 },
      metadata: commentMetadata(findComment(packets)),
      preSkipSamples: 0,
      timer: (packet) => parseFlacFrameHeader(packet)?.blockSize ?? -1,
    }
  },

  createFile(headers, start): OggFile {
    return new OggFlacFile(headers, start)
  },
}

/** Renumbers the frames and counts what STREAMINFO says at the end. */
class OggFlacFile implements OggFile {
  readonly preroll = []
  readonly prerollCounts = { prerollFrames: 0, prerollSamples: 0 }
  readonly preSkipSamples = 0
  readonly firstPacketIsSilent = false
  readonly #streamInfo: FlacStreamInfo
  readonly #comment: CommentBlock
  /** Blocks of the station that go behind the comment. */
  readonly #kept: readonly Uint8Array[]
  /** Body of the PADDING block while the comment has no chapters; 0 when there is none. */
  readonly #roomBytes: number
  readonly #md5: PcmMd5
  readonly #renumberer = new FlacRenumberer()
  /** Whether frames carry sample numbers; the first frame tells. */
  #variableBlockSize: boolean | undefined
  #totals: FlacTotals | undefined
  #frames = 0

  constructor(headers: readonly Uint8Array[], { facts }: FileStart) {
    const [first, ...others] = headers
    const around = bytesBeforeComment(first) + FIXED_HEADER_BYTES + 2 * BLOCK_HEADER_BYTES
    this.#comment = new CommentBlock(findComment(headers), facts, around)
    this.#kept = others.filter((block) => KEPT_BLOCK_TYPES.includes(blockType(block)))
    this.#roomBytes = steadyRoom(this.#comment.roomBytes, this.#comment.sizeBytes + 2 * BLOCK_HEADER_BYTES)
    this.#streamInfo = {
      ...parseFlacStreamInfo(first, STREAMINFO_OFFSET)!,
      minFrameBytes: 0,
      maxFrameBytes: 0,
      totalSamples: 0,
      md5: new Uint8Array(16),
    }
    this.#md5 = new PcmMd5(this.#streamInfo.bitsPerSample)
  }

  headerPages(facts: RecordingFacts, chapters: readonly Chapter[]): Uint8Array[][] {
    const comment = this.#comment.write(facts, chapters, this.#roomBytes)
    const blocks = [buildMetadataBlock(BLOCK_TYPE.vorbisComment, comment, false)]
    if (this.#roomBytes > 0) {
      const padding = new Uint8Array(this.#comment.sizeBytes + this.#roomBytes - comment.length)
      blocks.push(buildMetadataBlock(BLOCK_TYPE.padding, padding, false))
    }
    blocks.push(...this.#kept.map((block) => block.slice()))
    blocks.forEach((block, index) => (block[0] = blockType(block) | (index === blocks.length - 1 ? LAST_BLOCK : 0)))
    return [[this.#firstHeader(blocks.length)], ...blocks.map((block) => [block])]
  }

  rewrite(packet: Uint8Array): Uint8Array {
    const header = parseFlacFrameHeader(packet)
    if (header === undefined) return packet
    const { minBlockSize, maxBlockSize } = this.#streamInfo
    this.#variableBlockSize ??= header.variableBlockSize || minBlockSize < maxBlockSize
    this.#totals ??= new FlacTotals(this.#variableBlockSize, maxBlockSize)
    const number = this.#variableBlockSize ? this.#totals.samples : this.#frames
    const frame = this.#renumberer.renumber(packet, header, number, this.#variableBlockSize)
    this.#md5.add(packet, header)
    this.#totals.add(header.blockSize, frame.length)
    this.#frames++
    return frame
  }

  #firstHeader(laterHeaders: number): Uint8Array {
    const streamInfo = this.#totals?.complete(this.#streamInfo, this.#md5.digest()) ?? this.#streamInfo
    return concatBytes([
      MAPPING,
      Uint8Array.of(laterHeaders >>> 8, laterHeaders & 0xff),
      FLAC_MAGIC,
      buildMetadataBlock(BLOCK_TYPE.streamInfo, buildFlacStreamInfo(streamInfo), false),
    ])
  }
}

/**
 * As much of `roomBytes` as makes two packets, `fixedBytes` together beside it, take the same number of lacing values wherever the
 * room is divided between them: so the pages keep their length when chapters move from the one to the other.
 */
function steadyRoom(roomBytes: number, fixedBytes: number): number {
  return Math.max(0, roomBytes - ((fixedBytes + roomBytes + 1) % 255))
}

/** STREAMINFO in the first packet of such a stream; undefined when it is none. */
export function readOggStreamInfo(packet: Uint8Array): FlacStreamInfo | undefined {
  const signed = FLAC_MAGIC.every((byte, index) => packet[MAPPING.length + 2 + index] === byte)
  return signed ? parseFlacStreamInfo(packet, STREAMINFO_OFFSET) : undefined
}

function blockType(block: Uint8Array): number {
  return block[0] & ~LAST_BLOCK
}

function findComment(packets: readonly Uint8Array[]): VorbisComment {
  const block = packets.slice(1).find((candidate) => blockType(candidate) === BLOCK_TYPE.vorbisComment)
  return (block && readVorbisComment(block, BLOCK_HEADER_BYTES)?.comment) ?? EMPTY_COMMENT
}
