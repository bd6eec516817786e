import { concatBytes } from '../../../bytes/concat.js'
import type { FrameSpan } from '../../frame-span.js'
import { blankFrameAtRate } from '../blank-frame.js'
import { HEADER_BYTES, legalFrameBytes, parseFrameHeader, type MpegFrameHeader } from '../frame-header.js'
import type { Mp3HeaderCapture } from '../header.js'
import { mainDataBegin } from '../side-info.js'

/**
 * Stands for main data that was never received. All Huffman codes of ones only mean zero or little, so what is left of the
 * first frame's audio fades in quietly and no decoder complains; zeros would mean the largest values: a bang.
 * @source ISO 11172-3 table B.7
 */
const UNKNOWN_MAIN_DATA = 0xff

/**
 * Fills what of a silent frame is nobody's main data, as LAME does. After zeros the first byte of the reservoir may look like
 * H.263's start code, and ffmpeg then does not know what a file of a few frames is.
 */
const NOBODYS_MAIN_DATA = 0x55

/** The hidden frames that open an exact MP3 file. */
export interface Preroll {
  /** The frames, back to back. */
  readonly bytes: Uint8Array
  /** How many. */
  readonly frames: number
  /** The length of each. */
  readonly frameLengths: readonly number[]
}

/**
 * A decoder carries three things from frame to frame: main data not yet used (the bit reservoir), the overlapping half of
 * the last transform, and the last 480 samples' worth of the filter bank. So an exact file opens with a silent frame that
 * carries the reservoir, then real frames before the cut that fill overlap and filter bank: two granules, which is one
 * frame of MPEG-1 and two of MPEG-2. A file that begins with the stream opens with a silent frame alone.
 * @source ISO 11172-3 §2.4.3.4 (main_data_begin, overlapping, synthesis filter)
 */
export function mp3Preroll(header: Mp3HeaderCapture, history: readonly FrameSpan[]): Preroll {
  const wanted = realFrames(header.first.version)
  const earlier = framesFromTheEnd(history)
  const real: Uint8Array[] = []
  while (real.length < wanted) {
    const frame = earlier.next().value
    if (!frame) break
    real.unshift(frame)
  }
  const silent = real.length > 0 ? reservoirFrame(real[0], earlier) : firstFrame(header)
  return prerollOf([silent, ...real])
}

/** The furthest that main data may begin before its frame. @source ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7 main_data_begin */
const MPEG1_RESERVOIR_BYTES = 511
const MPEG2_RESERVOIR_BYTES = 255
const CRC_BYTES = 2

/** How much of a stream before a cut {@link mp3Preroll} may ask for, in seconds: as many of the smallest frames as hold a whole reservoir. */
export function prerollSeconds({ first, firstHeader }: Pick<Mp3HeaderCapture, 'first' | 'firstHeader'>): number {
  const { version, sampleRateHz, samplesPerFrame, sideInfoBytes } = first
  const reservoirBytes = version === 1 ? MPEG1_RESERVOIR_BYTES : MPEG2_RESERVOIR_BYTES
  const frameBytes = Math.min(...legalFrameBytes(firstHeader, 0))
  const mainDataBytes = Math.max(1, frameBytes - HEADER_BYTES - CRC_BYTES - sideInfoBytes)
  const frames = realFrames(version) + Math.ceil(reservoirBytes / mainDataBytes)
  return (frames * samplesPerFrame) / sampleRateHz
}

/** The pre-roll of a file that is made anew: these frames as they are. */
export function givenPreroll(spans: readonly FrameSpan[]): Preroll {
  return prerollOf([...framesFromTheEnd(spans)].reverse())
}

function realFrames(version: MpegFrameHeader['version']): number {
  return version === 1 ? 1 : 2
}

function prerollOf(frames: readonly Uint8Array[]): Preroll {
  return { bytes: concatBytes(frames), frames: frames.length, frameLengths: frames.map((frame) => frame.length) }
}

/** A silent frame whose main data ends with what `frame` needs, taken from the frames before it. */
function reservoirFrame(frame: Uint8Array, earlier: Iterator<Uint8Array, undefined>): Uint8Array {
  const header = parseFrameHeader(frame)
  if (!header) throw new RangeError('no MPEG audio frame')
  const neededBytes = mainDataBegin(frame, header)
  const silent = blankFrameAtRate(frame.subarray(0, HEADER_BYTES), HEADER_BYTES + header.sideInfoBytes + neededBytes)
  silent.fill(NOBODYS_MAIN_DATA, HEADER_BYTES + header.sideInfoBytes)
  let at = silent.length
  let missing = neededBytes
  while (missing > 0) {
    const before = earlier.next().value
    if (!before) break
    const mainData = before.subarray(parseFrameHeader(before)?.mainDataOffset)
    const taken = mainData.subarray(Math.max(0, mainData.length - missing))
    at -= taken.length
    missing -= taken.length
    silent.set(taken, at)
  }
  return silent.fill(UNKNOWN_MAIN_DATA, at - missing, at)
}

/** A silent frame that stands for the reservoir that the stream's first frame points to and that was never received. */
function firstFrame(header: Mp3HeaderCapture): Uint8Array {
  const leastBytes = HEADER_BYTES + header.first.sideInfoBytes + header.missingReservoirBytes
  const frame = blankFrameAtRate(header.firstHeader, leastBytes)
  return frame.fill(UNKNOWN_MAIN_DATA, frame.length - header.missingReservoirBytes)
}

/** Latest first. */
function* framesFromTheEnd(history: readonly FrameSpan[]): Generator<Uint8Array, undefined> {
  for (let index = history.length - 1; index >= 0; index--) {
    const span = history[index]
    for (let frame = span.frames - 1; frame >= 0; frame--) yield span.frame(frame)
  }
}
