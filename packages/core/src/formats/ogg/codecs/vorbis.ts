import { EMPTY_COMMENT, commentMetadata, readVorbisComment } from '../vorbis-comment.js'
import { CommentBlock } from '../../tags/recording-comment.js'
import { bytesBeforeComment } from './codec.js'
import type { FileStart, OggCodec, OggFile, OggStreamFacts, PacketTimer } from './codec.js'
import { ilog } from './vorbis-bits.js'
import { readVorbisModes } from './vorbis-setup.js'

/** First byte of the header packets; audio packets are even. `vorbis` follows. */
const HeaderType = { identification: 1, comment: 3, setup: 5 } as const
const PREFIX_BYTES = 7
const IDENTIFICATION_BYTES = 30

/**
 * Vorbis. A packet overlaps the one before it: a decoder gives the samples between the middles of the two blocks,
 * so the first packet of a file gives none and each later one a quarter of both block sizes.
 * @source Vorbis I §4.2, §4.3.8, appendix A
 */
export const vorbisCodec: OggCodec = {
  extension: 'ogg',
  granuleTrims: { start: true, end: true },
  primes: true,

  recognises(packet) {
    return headerType(packet) === HeaderType.identification && readIdentification(packet) !== undefined
  },

  isHeader(packet) {
    return headerType(packet) !== undefined
  },

  readHeaders(packets): OggStreamFacts | undefined {
    const identification = readIdentification(packets[0])
    const setup = packets.find((packet) => headerType(packet) === HeaderType.setup)
    if (identification === undefined || setup === undefined) return undefined
    const longBlocks = readVorbisModes(setup, identification.channels)
    if (longBlocks === undefined) return undefined
    return {
      info: {
        codec: 'vorbis',
        sampleRateHz: identification.sampleRateHz,
        channels: identification.channels,
        bitrateBps: identification.bitrateBps,
      },
      metadata: commentMetadata(findComment(packets)),
      preSkipSamples: 0,
      timer: createTimer(longBlocks.map((long) => (long ? identification.longBlock : identification.shortBlock))),
    }
  },

  createFile(headers, { context, history, facts }: FileStart): OggFile {
    const [identification] = headers
    const setup = headers.find((packet) => headerType(packet) === HeaderType.setup)
    // the packet before the cut gives the decoder the half block that the first one overlaps, and no sample
    const last = history.at(-1)
    const priming = context.join === 'exact' && last !== undefined ? [last.frame(last.frames - 1)] : []
    const around = bytesBeforeComment(identification) + PREFIX_BYTES + 1
    const block = new CommentBlock(findComment(headers), facts, around, priming.length)
    return {
      headerPages(now, chapters) {
        const comment = commentPacket(block.write(now, chapters), block.sizeBytes + block.roomBytes)
        return [[identification], setup === undefined ? [comment] : [comment, setup]]
      },
      preroll: priming.map((bytes) => ({ bytes, samples: 0 })),
      prerollCounts: { prerollFrames: priming.length, prerollSamples: 0 },
      preSkipSamples: 0,
      firstPacketIsSilent: priming.length === 0,
      rewrite: (packet) => packet,
    }
  },
}

/** 1, 3 or 5; undefined when it is no header packet. @source Vorbis I §4.2.1 */
function headerType(packet: Uint8Array): number | undefined {
  if (packet.length < PREFIX_BYTES || (packet[0] & 1) === 0) return undefined
  for (let index = 1; index < PREFIX_BYTES; index++) {
    if (packet[index] !== 'vorbis'.charCodeAt(index - 1)) return undefined
  }
  return packet[0]
}

interface Identification {
  readonly channels: number
  readonly sampleRateHz: number
  readonly bitrateBps: number
  readonly shortBlock: number
  readonly longBlock: number
}

/** @source Vorbis I §4.2.2 */
function readIdentification(packet: Uint8Array): Identification | undefined {
  if (packet.length < IDENTIFICATION_BYTES) return undefined
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  const channels = packet[11]
  const sampleRateHz = view.getUint32(12, true)
  const shortExponent = packet[28] & 15
  const longExponent = packet[28] >>> 4
  const sane = view.getUint32(7, true) === 0 && channels > 0 && sampleRateHz > 0 && (packet[29] & 1) === 1
  if (!sane || shortExponent < 6 || longExponent < shortExponent || longExponent > 13) return undefined
  return {
    channels,
    sampleRateHz,
    bitrateBps: Math.max(0, view.getInt32(20, true)),
    shortBlock: 1 << shortExponent,
    longBlock: 1 << longExponent,
  }
}

function findComment(packets: readonly Uint8Array[]) {
  const packet = packets.find((candidate) => headerType(candidate) === HeaderType.comment)
  return (packet && readVorbisComment(packet, PREFIX_BYTES)?.comment) ?? EMPTY_COMMENT
}

/**
 * A comment packet with room for a block of `mostBytes`. Behind the framing bit decoders read no further: zeros there are what
 * tag editors keep as room for themselves.
 * @source Vorbis I §5.2.1 (framing bit), https://mutagen.readthedocs.io/en/latest/user/padding.html
 */
function commentPacket(block: Uint8Array, mostBytes: number): Uint8Array {
  const packet = new Uint8Array(PREFIX_BYTES + mostBytes + 1)
  packet.set([HeaderType.comment, 0x76, 0x6f, 0x72, 0x62, 0x69, 0x73])
  packet.set(block, PREFIX_BYTES)
  packet[PREFIX_BYTES + block.length] = 1
  return packet
}

/** @param blockSizes - samples of a block, for each mode */
function createTimer(blockSizes: readonly number[]): PacketTimer {
  const modeMask = (1 << ilog(blockSizes.length - 1)) - 1
  let previous = 0
  return (packet) => {
    if (packet.length === 0 || (packet[0] & 1) === 1) return -1
    const block = blockSizes[(packet[0] >>> 1) & modeMask]
    if (block === undefined) return -1
    const samples = previous === 0 ? 0 : (previous + block) / 4
    previous = block
    return samples
  }
}
