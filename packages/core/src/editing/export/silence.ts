import { IndexedSpan, UniformSpan, type FrameSpan } from '../../formats/frame-span.js'
import type { HeaderCapture } from '../../formats/header-capture.js'
import { blankFrameAtRate } from '../../formats/mpeg/blank-frame.js'
import { Mp3HeaderCapture } from '../../formats/mpeg/header.js'
import { OggHeader } from '../../formats/ogg/header.js'
import { PacketSpan } from '../../formats/ogg/packets/packet-span.js'
import { WavHeader } from '../../formats/wav/header.js'
import { blockAlignBytes } from '../../formats/wav/layout.js'
import { buildPlainFrame } from '../../formats/flac/plain-frame.js'
import { flacStreamInfo } from '../decode/flac-stream-info.js'

/** Frames of silence made at a time. */
const FRAMES_AT_ONCE = 256
/** Block of silence where sizes vary: the usual one. */
const USUAL_BLOCK_SIZE = 4096

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
  if (!streamInfo) return undefined
  const { minBlockSize, maxBlockSize, channels } = streamInfo
  const blockSize = minBlockSize === maxBlockSize ? maxBlockSize : Math.min(USUAL_BLOCK_SIZE, maxBlockSize)
  const planes = Array.from({ length: channels }, () => new Int32Array(blockSize))
  return ofFrame(header, buildPlainFrame(planes, streamInfo), blockSize)
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
