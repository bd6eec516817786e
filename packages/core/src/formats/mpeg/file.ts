import type { ByteQuest, FileReading, SeekPoint } from '../file-layout.js'
import { SyncFramer } from '../sync/frame-sync.js'
import { readExtent, walkFrames, type SyncLayout } from '../sync/sync-file.js'
import { mp3Sync } from './framer.js'
import type { Mp3HeaderCapture } from './header.js'
import {
  expectedByte,
  findConstantRate,
  frameNumber,
  framesAt,
  PROBE_BYTES,
  type ConstantRate,
} from './seeking/constant-rate.js'
import { readDeclaredExtent, type DeclaredExtent } from './seeking/declared-extent.js'
import { MAX_TAG_BYTES, tagStart } from './seeking/tag-start.js'

/** Samples by which every layer III decoder is late: the declared padding holds them, the declared delay does not. */
const DECODER_DELAY_SAMPLES = 529
/** No Info frame is longer than the longest frame. */
const MAX_FRAME_BYTES = 1441
/** How far a size that an Info frame declares may be from the true one: writers differ about tags. */
const SIZE_TOLERANCE_BYTES = 2 * MAX_FRAME_BYTES
/** Frames before the one that is sought, so that the framer is sure of itself when it comes. */
const LEAD_FRAMES = 12

/** What is known of an MP3 file. */
interface Mp3Layout extends SyncLayout {
  readonly header: Mp3HeaderCapture
  /** Present when a frame's number follows from where it stands. */
  readonly constantRate?: ConstantRate
}

/**
 * MP3 files. Frames carry neither number nor time. In a file of one rate their number follows from where they stand, which is
 * checked at both ends and places between; in any other, where a sample stands is found by looking at every header from the
 * start. How much is hidden, and with changing rates how long the file is, only an Info frame tells.
 */
export const mp3File: FileReading = {
  *inspect(sizeBytes): ByteQuest<Mp3Layout | undefined> {
    const extent = yield* readExtent(mp3Sync, sizeBytes)
    if (!extent) return undefined
    const { identity, framesStartByte, framesEndByte } = extent
    const header = extent.header as Mp3HeaderCapture
    const { samplesPerFrame } = header.first
    const before = { startByte: Math.max(0, framesStartByte - MAX_FRAME_BYTES), endByte: framesStartByte }
    const declared = readDeclaredExtent(yield before, header.firstHeader)
    const hiddenSamples = declared?.trims ? declared.trims.delaySamples + DECODER_DELAY_SAMPLES : 0
    const prerollFrames = hiddenSamples % samplesPerFrame === 0 ? hiddenSamples / samplesPerFrame : 0
    const start = { header, identity, framesStartByte, framesEndByte, prerollFrames, hiddenSamples }
    const rate = yield* findConstantRate(start, prerollFrames)
    const constantRate = rate && isBelievable(framesOf(rate, framesEndByte), declared) ? rate : undefined
    const declaredBytes = framesEndByte - before.startByte - (declared?.at ?? 0)
    const frames = constantRate ? framesOf(constantRate, framesEndByte) : trueFrames(declared, declaredBytes)
    const startedAt = tagStart(yield { startByte: 0, endByte: Math.min(framesStartByte, MAX_TAG_BYTES) })
    return {
      ...start,
      ...(frames !== undefined && { samples: audibleSamples(frames, samplesPerFrame, hiddenSamples, declared) }),
      ...(startedAt !== undefined && { startedAt }),
      ...(constantRate && { constantRate }),
    }
  },

  *seek(fileLayout, sizeBytes, sample): ByteQuest<SeekPoint> {
    const layout = fileLayout as Mp3Layout
    const { header, hiddenSamples, framesStartByte, constantRate } = layout
    const { samplesPerFrame } = header.first
    if (constantRate) {
      const byte = yield* seekByRate(layout, constantRate, Math.floor((sample + hiddenSamples) / samplesPerFrame))
      if (byte) return { ...byte, sample: byte.frame * samplesPerFrame - hiddenSamples }
    }
    const from = { byte: framesStartByte, sample: 0 - hiddenSamples, frame: 0 }
    return yield* walkFrames(mp3Sync, layout, { from, sizeBytes }, sample)
  },

  resume(layout, _point, sink) {
    return new SyncFramer(mp3Sync, sink, layout as SyncLayout)
  },

  resumesAnywhere: true,
}

/** The frame of this number, or the last one; undefined near the start, or when it does not stand where it should. */
function* seekByRate(
  layout: Mp3Layout,
  rate: ConstantRate,
  wanted: number,
): ByteQuest<{ readonly byte: number; readonly frame: number } | undefined> {
  const frame = Math.min(wanted, framesOf(rate, layout.framesEndByte) - 1)
  const from = Math.floor(expectedByte(rate, frame - LEAD_FRAMES))
  if (!(from > rate.byte)) return undefined
  const frames = yield* framesAt(layout, from, PROBE_BYTES + Math.ceil(LEAD_FRAMES * rate.frameBytes))
  const index = frames.findIndex((_, candidate) => frameNumber(rate, frames.slice(candidate)) === frame)
  return index < 0 ? undefined : { byte: frames[index].byte, frame }
}

/** How many frames end at `endByte`. */
function framesOf(rate: ConstantRate, endByte: number): number {
  return rate.frame + Math.round((endByte - rate.byte) / rate.frameBytes)
}

/** More frames than declared: there is an Info frame of another file among them. */
function isBelievable(frames: number, declared: DeclaredExtent | undefined): boolean {
  return declared?.frames === undefined || frames <= declared.frames
}

/** What is declared, when the file has the declared size: it may have been torn since, or another may stand behind it. */
function trueFrames(declared: DeclaredExtent | undefined, actualBytes: number): number | undefined {
  const { frames, bytes = actualBytes } = declared ?? {}
  return Math.abs(bytes - actualBytes) <= SIZE_TOLERANCE_BYTES ? frames : undefined
}

function audibleSamples(
  frames: number,
  samplesPerFrame: number,
  hiddenSamples: number,
  declared: DeclaredExtent | undefined,
): number {
  const torn = declared?.frames !== undefined && frames < declared.frames
  const padding = torn ? 0 : Math.max(0, (declared?.trims?.paddingSamples ?? 0) - DECODER_DELAY_SAMPLES)
  return Math.max(0, frames * samplesPerFrame - hiddenSamples - padding)
}
