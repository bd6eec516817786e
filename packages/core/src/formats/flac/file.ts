import type { ByteQuest, FileLayout, FileReading, SeekPoint } from '../file-layout.js'
import { bisect, type Landmark } from '../reading/bisect.js'
import { commentStart } from '../reading/comment-start.js'
import { findFirstFrames, WINDOW_BYTES } from '../reading/quests.js'
import { walkTo } from '../reading/walk.js'
import type { FlacFrameHeader } from './frame-header.js'
import { FlacFramer } from './framer.js'
import type { FlacHeader } from './header.js'
import { findFrames, framesIn, headerOf, trueRun, windowBytes, type FrameRun } from './seeking/frames-in.js'
import { readSeekPoints } from './seeking/seek-points.js'

/** So few bytes are walked rather than halved. */
const ENOUGH_BYTES = 2 * WINDOW_BYTES
/** How far from the end frames are looked for. */
const MOST_TAIL_BYTES = 1 << 24
/** A later run of frames belongs to the ones before when it goes on within this time. */
const MAX_LOSS_SECONDS = 10

/** Where the frames of a FLAC file are, and how they are numbered. */
interface FlacLayout extends FileLayout {
  readonly header: FlacHeader
  /** What the first frame is numbered, in samples. */
  readonly firstPosition: number
  /** Samples from one number to the next. */
  readonly samplesPerNumber: number
}

/**
 * FLAC files, native: frames carry numbers and two checksums, so any place can be found by looking around there. Files whose
 * numbers start again in the middle (files strung together without being made one) cannot be told from others by a look at
 * both ends.
 */
export const flacFile: FileReading = {
  *inspect(sizeBytes): ByteQuest<FlacLayout | undefined> {
    const first = yield* findFirstFrames((sink) => new FlacFramer(sink), sizeBytes)
    if (!first) return undefined
    const header = first.span.header as FlacHeader
    const frame = headerOf(first.span, 0)
    const { minBlockSize, maxBlockSize } = header.streamInfo
    const blockSize = minBlockSize === maxBlockSize ? maxBlockSize : frame.blockSize
    const samplesPerNumber = header.variableBlockSize ? 1 : blockSize
    const firstPosition = frame.number * samplesPerNumber
    const last = yield* findLast(header, first.startByte, sizeBytes)
    const startedAt = commentStart(header.metadata)
    return {
      header,
      framesStartByte: first.startByte,
      framesEndByte: last?.endByte ?? sizeBytes,
      prerollFrames: 0,
      hiddenSamples: 0,
      ...(last && { samples: last.frame.number * samplesPerNumber + last.frame.blockSize - firstPosition }),
      ...(startedAt !== undefined && { startedAt }),
      firstPosition,
      samplesPerNumber,
    }
  },

  *seek(fileLayout, sizeBytes, sample): ByteQuest<SeekPoint> {
    const layout = fileLayout as FlacLayout
    const { framesStartByte, framesEndByte, samples = Infinity } = layout
    const start = { byte: framesStartByte, position: 0 }
    const position = Math.max(0, Math.min(sample, samples - 1))
    const range = { low: start, high: { byte: framesEndByte, position: samples }, position }
    const narrowed = yield* byTable(layout, sizeBytes, position)
    const low = yield* bisect({ ...range, ...narrowed, enoughBytes: ENOUGH_BYTES }, (byte, endByte) =>
      probe(layout, byte, endByte),
    )
    const walk = { from: seekPoint(layout, low), endByte: sizeBytes, chunkBytes: WINDOW_BYTES }
    return yield* walkTo(flacFile.resume, layout, walk, position)
  },

  resume(layout, _point, sink) {
    return new FlacFramer(sink, (layout as FlacLayout).header)
  },
}

/** The last whole frame of the file. What stands behind the longest run of frames must go on from it. */
function* findLast(
  header: FlacHeader,
  startByte: number,
  sizeBytes: number,
): ByteQuest<{ readonly frame: FlacFrameHeader; readonly endByte: number } | undefined> {
  for (let length = windowBytes(header); ; length *= 4) {
    const from = Math.max(startByte, sizeBytes - length)
    const bytes = yield { startByte: from, endByte: sizeBytes }
    const runs = framesIn(header, bytes, from, true)
    let last = trueRun(runs)
    for (const run of runs) if (last && run.startByte >= last.endByte && goesOn(header, last, run)) last = run
    if (last) return { frame: lastHeader(last), endByte: last.endByte }
    if (from === startByte || length >= MOST_TAIL_BYTES) return undefined
  }
}

function goesOn(header: FlacHeader, before: FrameRun, after: FrameRun): boolean {
  const { number, blockSize } = lastHeader(before)
  const missing = headerOf(after.spans[0], 0).number - number
  const seconds = (missing * (header.variableBlockSize ? 1 : blockSize)) / header.info.sampleRateHz
  return missing > 0 && seconds <= MAX_LOSS_SECONDS
}

function lastHeader({ spans }: FrameRun): FlacFrameHeader {
  const span = spans[spans.length - 1]
  return headerOf(span, span.frames - 1)
}

/** The points of the SEEKTABLE around `sample`; undefined when there are none, or the one before it is wrong. */
function* byTable(
  layout: FlacLayout,
  sizeBytes: number,
  sample: number,
): ByteQuest<{ readonly low: Landmark; readonly high?: Landmark } | undefined> {
  const points = readSeekPoints(layout.header.packets)
  const index = points.findLastIndex((point) => point.sample <= sample)
  if (index < 0) return undefined
  const place = ({ sample: position, offsetBytes }: (typeof points)[number]) => {
    return { byte: layout.framesStartByte + offsetBytes, position }
  }
  const low = place(points[index])
  if (low.byte >= layout.framesEndByte) return undefined
  const found = yield* probe(layout, low.byte, sizeBytes)
  if (found?.byte !== low.byte || found.position !== low.position) return undefined
  const high = index + 1 < points.length ? place(points[index + 1]) : undefined
  return high && high.byte < layout.framesEndByte ? { low, high } : { low }
}

/** The first frame at or after `byte`. */
function* probe(layout: FlacLayout, byte: number, endByte: number): ByteQuest<Landmark | undefined> {
  const run = yield* findFrames(layout.header, byte, endByte)
  if (!run) return undefined
  const { number } = headerOf(run.spans[0], 0)
  return { byte: run.startByte, position: number * layout.samplesPerNumber - layout.firstPosition }
}

function seekPoint(layout: FlacLayout, { byte, position }: Landmark): SeekPoint {
  const number = position / layout.samplesPerNumber
  return { byte, sample: position, ...(layout.samplesPerNumber > 1 || position === 0 ? { frame: number } : {}) }
}
