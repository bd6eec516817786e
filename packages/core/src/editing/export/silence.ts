import { crc16 } from '../../bytes/crc16.js'
import { crc8 } from '../../bytes/crc8.js'
import { IndexedSpan, UniformSpan, type FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { blankFrameAtRate } from '../../formats/mpeg/blank-frame.js'
import { Mp3HeaderCapture } from '../../formats/mpeg/header.js'
import { OggHeader } from '../../formats/ogg/header.js'
import { PacketSpan } from '../../formats/ogg/packets/packet-span.js'
import { WavHeader } from '../../formats/wav/header.js'
import { blockAlignBytes } from '../../formats/wav/layout.js'
import type { FlacStreamInfo } from '../../formats/flac/streaminfo.js'
import { flacStreamInfo } from '../decode/flac-stream-info.js'

/** Frames of silence made at a time. */
const FRAMES_AT_ONCE = 256
/** Fixed block size. @source RFC 9639 §9.1 */
const FLAC_SYNC = [0xff, 0xf8] as const
/** The block size follows in 16 bits. @source RFC 9639 §9.1.1 */
const FLAC_BLOCK_SIZE_16 = 0x70
/** Rates by their code, from 1 on; code 0 leaves it to STREAMINFO. @source RFC 9639 §9.1.2 */
const FLAC_RATES = [88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000]
/** Bits per sample by their code; code 0 leaves it to STREAMINFO. @source RFC 9639 §9.1.4 */
const FLAC_BITS = [0, 8, 12, 0, 16, 20, 24, 32]

/** Makes spans of silence that decode under a header. */
export interface SilenceMaker {
  /** Samples of a frame: silence comes in whole frames. */
  readonly samplesPerFrame: number
  /** So many frames, in spans of bounded size. */
  spans(frames: number): Generator<FrameSpan, void, undefined>
}

/** Silence for a stream; undefined where the format has none that is simple: Vorbis, Opus, AAC. */
export function silenceFor(header: HeaderCapture): SilenceMaker | undefined {
  if (header instanceof WavHeader) {
    const bytesPerFrame = blockAlignBytes(header.layout)
    const samplesAtOnce = FRAMES_AT_ONCE * 64
    return inBatches(
      1,
      samplesAtOnce,
      (frames) => new UniformSpan(header, new Uint8Array(frames * bytesPerFrame), bytesPerFrame, 1),
    )
  }
  if (header instanceof Mp3HeaderCapture) {
    return ofFrame(header, blankFrameAtRate(header.firstHeader, 0), header.first.samplesPerFrame)
  }
  const streamInfo = header.info.codec === 'flac' ? flacStreamInfo(header) : undefined
  // where block sizes vary a frame carries another kind of number
  if (!streamInfo || streamInfo.minBlockSize !== streamInfo.maxBlockSize) return undefined
  return ofFrame(header, silentFlacFrame(streamInfo), streamInfo.maxBlockSize)
}

function inBatches(samplesPerFrame: number, atOnce: number, make: (frames: number) => FrameSpan): SilenceMaker {
  return {
    samplesPerFrame,
    *spans(frames) {
      for (let left = frames; left > 0; left -= atOnce) yield make(Math.min(atOnce, left))
    },
  }
}

function ofFrame(header: HeaderCapture, frame: Uint8Array, samplesPerFrame: number): SilenceMaker {
  return inBatches(samplesPerFrame, FRAMES_AT_ONCE, (frames) => {
    const bytes = new Uint8Array(frames * frame.length)
    for (let index = 0; index < frames; index++) bytes.set(frame, index * frame.length)
    const offsets = (step: number) => Array.from({ length: frames + 1 }, (_, index) => index * step)
    const [byteOffsets, sampleOffsets] = [offsets(frame.length), offsets(samplesPerFrame)]
    if (!(header instanceof OggHeader)) return new IndexedSpan(header, bytes, byteOffsets, sampleOffsets)
    const trims = { hiddenSamples: 0, trimmedSamples: 0, overheadBytes: 0 }
    return new PacketSpan({ header, bytes, byteOffsets, decodedOffsets: sampleOffsets, ...trims })
  })
}

/**
 * A frame whose subframes are constant zero; muxers number it. Its header says all that frames usually say: players that find a
 * frame that differs from its neighbours take it for a false one.
 * @source RFC 9639 §9.1, §9.2.3
 */
function silentFlacFrame({ sampleRateHz, channels, bitsPerSample, maxBlockSize }: FlacStreamInfo): Uint8Array {
  const rate = FLAC_RATES.indexOf(sampleRateHz) + 1
  const bits = Math.max(0, FLAC_BITS.indexOf(bitsPerSample))
  const size = [(maxBlockSize - 1) >>> 8, (maxBlockSize - 1) & 0xff]
  const header = [...FLAC_SYNC, FLAC_BLOCK_SIZE_16 | rate, ((channels - 1) << 4) | (bits << 1), 0, ...size]
  // a subframe is 8 bits of header, all zero for a constant, and the value
  const bodyBytes = Math.ceil((channels * (8 + bitsPerSample)) / 8)
  const frame = new Uint8Array(header.length + 1 + bodyBytes + 2)
  frame.set(header)
  frame[header.length] = crc8(frame, 0, header.length)
  const crc = crc16(frame, 0, frame.length - 2)
  frame[frame.length - 2] = crc >>> 8
  frame[frame.length - 1] = crc & 0xff
  return frame
}
