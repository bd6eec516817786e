import type { ByteQuest } from '../../file-layout.js'
import { framesIn, type SyncFrame, type SyncLayout } from '../../sync/sync-file.js'
import { bitrateIndex, parseFrameHeader } from '../frame-header.js'
import { mp3Sync } from '../framer.js'

const HEAD_BYTES = 1 << 16
/** Enough to find frames anywhere: the framer wants to see eight in doubtful places. */
export const PROBE_BYTES = 1 << 14
/** In how many places, spread over the file, the rate is put to the proof. */
const PROBES = 8
/** Frames behind each other that are looked at. */
const PROOF_FRAMES = 3
/** How far a frame may stand from where it should: each place where a station strings two streams together shifts it by a byte. */
const MOST_ERROR_BYTES = 24

/** Frames of one rate, that follow each other at even distances. */
export interface ConstantRate {
  /** The first of them. */
  readonly frame: number
  /** Where it begins. */
  readonly byte: number
  /** Bytes of a frame in the mean; frames are padded by one byte so that they keep to it. */
  readonly frameBytes: number
  /** Their rate. */
  readonly bitrateIndex: number
}

/** Where a frame should begin. */
export function expectedByte(rate: ConstantRate, frame: number): number {
  return rate.byte + (frame - rate.frame) * rate.frameBytes
}

/**
 * The number of the frame that begins the list, by where it stands: undefined unless it and those behind it have the rate,
 * stand back to back and where they should.
 */
export function frameNumber(rate: ConstantRate, frames: readonly SyncFrame[]): number | undefined {
  const [first] = frames
  if (!first) return undefined
  const number = rate.frame + Math.round((first.byte - rate.byte) / rate.frameBytes)
  let end = first.byte
  for (const [index, { byte, bytes }] of frames.slice(0, PROOF_FRAMES).entries()) {
    const error = Math.abs(byte - expectedByte(rate, number + index))
    if (byte !== end || error > MOST_ERROR_BYTES || bitrateIndex(bytes, 0) !== rate.bitrateIndex) return undefined
    end = byte + bytes.length
  }
  return number
}

/**
 * The rate of a file in which it never changes, and whose frames are so regular that their number follows from where they
 * stand: shown by its start, its end, and places between. Undefined for any other file.
 * @param firstFrame - the first frame that counts: hidden ones before it may have another rate
 */
export function* findConstantRate(layout: SyncLayout, firstFrame: number): ByteQuest<ConstantRate | undefined> {
  const { framesStartByte, framesEndByte } = layout
  const head = yield* framesAt(layout, framesStartByte, HEAD_BYTES)
  const rate = rateOf(head.slice(firstFrame), firstFrame)
  if (!rate) return undefined
  for (let probe = 1; probe <= PROBES; probe++) {
    const byte = Math.floor(rate.byte + ((framesEndByte - rate.byte) * probe) / (PROBES + 1))
    const frames = yield* framesAt(layout, byte, PROBE_BYTES)
    if (frames.length > 0 && !isRegular(rate, frames)) return undefined
  }
  const frames = (framesEndByte - rate.byte) / rate.frameBytes
  return Math.abs(Math.round(frames) - frames) * rate.frameBytes <= MOST_ERROR_BYTES ? rate : undefined
}

/** Whether the rate holds for these frames; the first ones may be none, read amid one. */
function isRegular(rate: ConstantRate, frames: readonly SyncFrame[]): boolean {
  return [0, 1, 2].some((skipped) => frameNumber(rate, frames.slice(skipped)) !== undefined)
}

/** The frames from a place on; the last of the file end with it. */
export function* framesAt(layout: SyncLayout, byte: number, length: number): ByteQuest<SyncFrame[]> {
  const { framesEndByte } = layout
  const bytes = yield { startByte: byte, endByte: Math.max(byte, Math.min(framesEndByte, byte + length)) }
  return framesIn(mp3Sync, layout, bytes, { startByte: byte, endByte: framesEndByte })
}

/** The rate that all these frames have; undefined when they differ, or are not padded evenly. */
function rateOf(frames: readonly SyncFrame[], firstFrame: number): ConstantRate | undefined {
  const first = frames[0] && parseFrameHeader(frames[0].bytes)
  if (!first || frames.length <= PROOF_FRAMES) return undefined
  const exactBytes = ((first.samplesPerFrame / 8) * first.bitrateBps) / first.sampleRateHz
  // some encoders never pad
  const alike = frames.every(({ bytes }) => bytes.length === first.frameBytes)
  const rate = {
    frame: firstFrame,
    byte: frames[0].byte,
    frameBytes: alike ? first.frameBytes : exactBytes,
    bitrateIndex: bitrateIndex(frames[0].bytes, 0),
  }
  const regular = frames.every((_, index) => frameNumber(rate, frames.slice(index, index + 1)) === firstFrame + index)
  return regular ? rate : undefined
}
