import { concatBytes } from '../../bytes/concat.js'
import { FLAC_MAGIC, BLOCK_TYPE, buildMetadataBlock } from '../../formats/flac/blocks/metadata-block.js'
import { buildFlacStreamInfo } from '../../formats/flac/blocks/streaminfo.js'
import { parseFlacFrameHeader } from '../../formats/flac/frame-header.js'
import { buildPlainFrame } from '../../formats/flac/plain-frame.js'
import { FlacRenumberer } from '../../formats/flac/renumber.js'
import { EMPTY_COMMENT, writeVorbisComment } from '../../formats/ogg/vorbis-comment.js'
import { fillMarked } from './mark.js'
import { NumberedStream, type StablePart } from './numbered-stream.js'

/** Rate of the numbered FLAC streams, in Hz: low, because their samples are the numbers and do not get smaller. */
export const FLAC_RATE_HZ = 8000
/** Samples in each frame. */
export const FLAC_BLOCK_SAMPLES = 512
const FORM = { sampleRateHz: FLAC_RATE_HZ, bitsPerSample: 16 }
const CRC_BYTES = 2

/** A FLAC frame whose samples are the number. */
export function numberedFlacFrame(station: number, number: number): Uint8Array {
  const words = new Uint8Array(FLAC_BLOCK_SAMPLES * 2)
  fillMarked(words, 0, words.length, { station, number })
  const samples = Int32Array.from({ length: FLAC_BLOCK_SAMPLES }, (_, at) => (words[2 * at] << 8) | words[2 * at + 1])
  const frame = buildPlainFrame([samples], FORM)
  return new FlacRenumberer().renumber(frame, parseFlacFrameHeader(frame)!, number, false).slice()
}

/** Its samples: header and checksum follow the number that a recorder gives it. */
export function flacStablePart(frame: Uint8Array): StablePart {
  const subframeHeaderBytes = 1
  const start = parseFlacFrameHeader(frame)!.headerBytes + subframeHeaderBytes
  return { bytes: frame.subarray(start, frame.length - CRC_BYTES), markAt: 0 }
}

/** STREAMINFO of a live stream: what nobody can know yet is zero. */
export function flacStreamInfoBlock(isLast: boolean): Uint8Array {
  const info = buildFlacStreamInfo({
    ...FORM,
    minBlockSize: FLAC_BLOCK_SAMPLES,
    maxBlockSize: FLAC_BLOCK_SAMPLES,
    minFrameBytes: 0,
    maxFrameBytes: 0,
    channels: 1,
    totalSamples: 0,
    md5: new Uint8Array(16),
  })
  return buildMetadataBlock(BLOCK_TYPE.streamInfo, info, isLast)
}

/** A comment block that says nothing, the last of the head. */
export function flacCommentBlock(): Uint8Array {
  return buildMetadataBlock(BLOCK_TYPE.vorbisComment, writeVorbisComment(EMPTY_COMMENT), true)
}

/** Native FLAC: frames whose samples are their number. */
export class NumberedFlac extends NumberedStream {
  readonly format = 'flac'
  readonly contentType = 'audio/flac'
  readonly sampleRateHz = FLAC_RATE_HZ
  readonly samplesPerFrame = FLAC_BLOCK_SAMPLES
  readonly framesPerUnit = 1

  head(): Uint8Array {
    return concatBytes([FLAC_MAGIC, flacStreamInfoBlock(false), flacCommentBlock()])
  }

  frame(number: number): Uint8Array {
    return numberedFlacFrame(this.station, number)
  }

  stablePart(number: number): StablePart {
    return flacStablePart(this.frame(number))
  }
}
