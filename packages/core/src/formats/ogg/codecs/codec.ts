import type { StreamInfo, StreamMetadata } from '../../../model.js'
import type { MuxerContext, MuxerCounts } from '../../format.js'
import type { Chapter } from '../../tags/chapter.js'
import type { RecordingFacts } from '../../tags/file-tags.js'
import { FIXED_HEADER_BYTES } from '../page.js'
import type { PacketSpan } from '../packets/packet-span.js'

/** Tells how many samples each packet of one logical stream gives, in order; -1 when it is no audio packet. */
export type PacketTimer = (packet: Uint8Array) => number

/** What the header packets of one logical stream say. */
export interface OggStreamFacts {
  /** The stream's facts. */
  readonly info: StreamInfo
  /** Tags, names in lower case. */
  readonly metadata: StreamMetadata
  /** Samples to hide at the true start of the stream, in `info.sampleRateHz`. */
  readonly preSkipSamples: number
  /** Counts the packets of this stream. */
  readonly timer: PacketTimer
}

/** What a codec in Ogg is: how to recognise and read its headers, and how its files begin. One file each in `codecs/`. */
export interface OggCodec {
  /** File extension without dot. */
  readonly extension: string
  /**
   * Whether granule positions may cut samples off at the end of a stream, and before its start when they say less
   * than the packets hold.
   */
  readonly granuleTrims: { readonly start: boolean; readonly end: boolean }
  /**
   * Whether the first packet of a file gives no sound, and ffmpeg, where it stands on the page that is the last one too, takes
   * its length off the end.
   */
  readonly primes: boolean
  /** Whether `packet`, the first of a logical stream, opens a stream of this codec. */
  recognises(packet: Uint8Array): boolean
  /** Whether `packet` is one of the header packets rather than audio. */
  isHeader(packet: Uint8Array): boolean
  /** Reads the header packets; undefined when they do not suffice to decode the stream. */
  readHeaders(packets: readonly Uint8Array[]): OggStreamFacts | undefined
  /** The codec's side of one new file. @param headers - the header packets as received */
  createFile(headers: readonly Uint8Array[], start: FileStart): OggFile
}

/** Where and how a file begins. */
export interface FileStart {
  /** What the recorder told the muxer. */
  readonly context: MuxerContext
  /** Packets right before the file's first, oldest first; empty at the start of the logical stream. */
  readonly history: readonly PacketSpan[]
  /** How many samples of the first packets of this file are hidden in the stream, too. */
  readonly hiddenSamples: number
  /** What the tags tell at the start. */
  readonly facts: RecordingFacts
}

/** Bytes before the comment in the first block of a file, at most: the first page and the header of the second. */
export function bytesBeforeComment(firstPacket: Uint8Array): number {
  const laces = 255
  return FIXED_HEADER_BYTES + laces + firstPacket.length + FIXED_HEADER_BYTES + laces
}

/** A packet as it goes into a file. */
export interface FilePacket {
  /** Its bytes. */
  readonly bytes: Uint8Array
  /** Samples that it adds to the granule position. */
  readonly samples: number
}

/** The codec's side of one file. */
export interface OggFile {
  /**
   * The header packets, grouped: each group ends a page. The first is alone on the first page. What is known only at the end
   * stands in them then; they take the same number of bytes each time.
   * @param chapters - none while the file is written
   */
  headerPages(facts: RecordingFacts, chapters: readonly Chapter[]): readonly (readonly Uint8Array[])[]
  /** Hidden packets that go before the file's first. */
  readonly preroll: readonly FilePacket[]
  /** `preroll` in frames and samples. */
  readonly prerollCounts: Pick<MuxerCounts, 'prerollFrames' | 'prerollSamples'>
  /** How many samples at the start of the file, `preroll` included, are decoded and not played. */
  readonly preSkipSamples: number
  /** Whether the first packet of this file gives no samples when nothing is before it (Vorbis). */
  readonly firstPacketIsSilent: boolean
  /** The packet as this file needs it (renumbered FLAC frames), valid until the next call. */
  rewrite(packet: Uint8Array): Uint8Array
}
