import { concatBytes } from '../../../bytes/concat.js'
import type { PacketSpan } from '../packets/packet-span.js'
import type { VorbisComment } from '../vorbis-comment.js'
import { EMPTY_COMMENT, commentMetadata, readVorbisComment } from '../vorbis-comment.js'
import { CommentBlock } from '../../tags/recording-comment.js'
import { bytesBeforeComment } from './codec.js'
import type { FilePacket, FileStart, OggCodec, OggFile, OggStreamFacts } from './codec.js'

/** Opus in Ogg counts in 48 kHz whatever the input was. @source RFC 7845 §4 */
const SAMPLE_RATE_HZ = 48_000
const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000
const MAX_PACKET_SAMPLES = 120 * SAMPLES_PER_MS
const MAX_PRE_SKIP = 0xffff
const HEAD_BYTES = 19
const PRE_SKIP_OFFSET = 10
const MAGIC_BYTES = 8

/**
 * Opus. The samples of a packet stand in its first byte. A decoder needs some packets to converge; pre-skip says how
 * many samples to decode and not to play, which is also how a file gets hidden pre-roll.
 * @source RFC 7845, RFC 6716 §3
 */
export const opusCodec: OggCodec = {
  extension: 'opus',
  granuleTrims: { start: false, end: true },
  primes: false,

  recognises(packet) {
    // versions 0 to 15 are compatible
    return startsWith(packet, 'OpusHead') && packet.length >= HEAD_BYTES && packet[8] < 16 && packet[9] > 0
  },

  isHeader(packet) {
    return startsWith(packet, 'OpusHead') || startsWith(packet, 'OpusTags')
  },

  readHeaders(packets): OggStreamFacts {
    const [head] = packets
    return {
      info: { codec: 'opus', sampleRateHz: SAMPLE_RATE_HZ, channels: head[9], bitrateBps: 0 },
      metadata: commentMetadata(findTags(packets).comment),
      preSkipSamples: readPreSkip(head),
      timer: opusPacketSamples,
    }
  },

  createFile(headers, { context, history, hiddenSamples, facts }: FileStart): OggFile {
    const prerollMs = context.historyIsPreroll ? Infinity : context.opusPrerollMs
    const preroll = context.join === 'exact' ? takePreroll(history, prerollMs, hiddenSamples) : []
    const prerollSamples = preroll.reduce((sum, packet) => sum + packet.samples, 0)
    // without pre-roll the decoder needs as long as at the start of the stream, and opusinfo takes less for a fault
    const preSkipSamples = preroll.length > 0 ? prerollSamples + hiddenSamples : readPreSkip(headers[0])
    const head = withPreSkip(headers[0], preSkipSamples)
    const { comment, padding } = findTags(headers)
    const block = new CommentBlock(comment, facts, bytesBeforeComment(head) + MAGIC_BYTES)
    // behind what the station wants kept padding would be taken for a part of it
    const roomBytes = padding.length > 0 ? 0 : block.roomBytes
    return {
      headerPages(now, chapters) {
        const tags = new Uint8Array(MAGIC_BYTES + block.sizeBytes + roomBytes)
        tags.set(new TextEncoder().encode('OpusTags'))
        tags.set(block.write(now, chapters, roomBytes), MAGIC_BYTES)
        return [[head], [concatBytes([tags, padding])]]
      },
      preroll,
      prerollCounts: { prerollFrames: preroll.length, prerollSamples },
      preSkipSamples,
      firstPacketIsSilent: false,
      rewrite: (packet) => packet,
    }
  },
}

/** @source RFC 7845 §5.1 (4) */
function readPreSkip(head: Uint8Array): number {
  return head[PRE_SKIP_OFFSET] | (head[PRE_SKIP_OFFSET + 1] << 8)
}

/** The first header packet, with another pre-skip. */
export function withPreSkip(head: Uint8Array, samples: number): Uint8Array {
  const changed = head.slice()
  new DataView(changed.buffer).setUint16(PRE_SKIP_OFFSET, samples, true)
  return changed
}

/** Samples per frame at 48 kHz for each configuration. @source RFC 6716 §3.1 table 2 */
const SAMPLES_OF_CONFIG = Array.from({ length: 32 }, (_, config) => {
  if (config < 12) return [480, 960, 1920, 2880][config & 3]
  if (config < 16) return [480, 960][config & 1]
  return [120, 240, 480, 960][config & 3]
})

/** Samples of an Opus packet at 48 kHz; -1 when it cannot be one. @source RFC 6716 §3.2 */
function opusPacketSamples(packet: Uint8Array): number {
  if (packet.length === 0) return -1
  const frameSamples = SAMPLES_OF_CONFIG[packet[0] >>> 3]
  const code = packet[0] & 3
  if (code === 3 && packet.length < 2) return -1
  const frames = code === 0 ? 1 : code < 3 ? 2 : packet[1] & 63
  const samples = frames * frameSamples
  return samples > 0 && samples <= MAX_PACKET_SAMPLES ? samples : -1
}

/** The packets of at least `prerollMs` before the cut, as far as there are any and pre-skip can count them. */
function takePreroll(history: readonly PacketSpan[], prerollMs: number, hiddenSamples: number): FilePacket[] {
  const packets: FilePacket[] = []
  let total = 0
  for (let index = history.length - 1; index >= 0; index--) {
    const span = history[index]
    for (let frame = span.frames - 1; frame >= 0; frame--) {
      const samples = span.decodedOffset(frame + 1) - span.decodedOffset(frame)
      if (total >= prerollMs * SAMPLES_PER_MS || total + samples + hiddenSamples > MAX_PRE_SKIP) return packets
      packets.unshift({ bytes: span.frame(frame), samples })
      total += samples
    }
  }
  return packets
}

/** The comment, and what stands after it when its first bit says that it must be kept. @source RFC 7845 §5.2 */
function findTags(packets: readonly Uint8Array[]): { comment: VorbisComment; padding: Uint8Array } {
  const packet = packets.find((candidate) => startsWith(candidate, 'OpusTags'))
  const read = packet && readVorbisComment(packet, MAGIC_BYTES)
  if (packet === undefined || read === undefined) return { comment: EMPTY_COMMENT, padding: new Uint8Array(0) }
  const keep = read.end < packet.length && (packet[read.end] & 1) === 1
  return { comment: read.comment, padding: packet.subarray(keep ? read.end : packet.length) }
}

function startsWith(packet: Uint8Array, magic: string): boolean {
  if (packet.length < magic.length) return false
  for (let index = 0; index < magic.length; index++) if (packet[index] !== magic.charCodeAt(index)) return false
  return true
}
