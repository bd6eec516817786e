import { IsrError } from '../errors.js'
import type { FrameSpan } from '../formats/frame-span.js'
import { FrameHistory } from '../recorder/run/history/frame-history.js'
import type { RecordedFile } from './file-frames.js'

/** Sample positions are whole numbers; what is closer than this to one is it. */
const ROUNDING_SAMPLES = 1e-6

/** A stretch of a file in seconds: frames that begin at `startSeconds` <= t < `endSeconds`. */
export interface TimeRange {
  /** From the first audible sample on, 0 or more. */
  readonly startSeconds: number
  /** Behind it; Infinity = up to the end. */
  readonly endSeconds: number
}

/** Frames inside a {@link TimeRange}. */
export interface FoundFrames {
  /** The frames, in order, all of one logical stream. */
  readonly span: FrameSpan
  /** Seconds of audio of the file before them. */
  readonly startSeconds: number
  /** With the first ones only: the frames right before them, the file's own hidden pre-roll included, oldest first. */
  readonly history?: readonly FrameSpan[]
}

/** Options of {@link framesBetween}. */
export interface FramesBetweenOptions {
  /** How much before the range is wanted as history, in seconds. */
  readonly historySeconds: number
  /**
   * Whether frames count that only reach into the range, whose ends are then the samples nearest to its times. Default false: those
   * that begin in it.
   */
  readonly overlapping?: boolean
  /** Goes on where another logical stream begins inside the range. Default false: an error. */
  readonly acrossStreams?: boolean
  /** Stops it with `ISR_STOPPED`. */
  readonly signal?: AbortSignal
}

/**
 * The frames of a file whose start is inside a range, by the rule of the splitters: the first frame at or after a time opens the
 * new piece, so that pieces side by side have every frame once. Hidden pre-roll is in none, but in the history.
 *
 * @throws {@link IsrError} `ISR_FORMATS_DIFFER` where another logical stream begins inside the range; `ISR_STOPPED`
 */
export async function* framesBetween(
  file: RecordedFile,
  { startSeconds, endSeconds }: TimeRange,
  { historySeconds, overlapping = false, acrossStreams = false, signal }: FramesBetweenOptions,
): AsyncGenerator<FoundFrames, void, undefined> {
  const history = new FrameHistory()
  history.reset(historySeconds)
  let { header } = file.layout
  /** Where the logical stream in force began. */
  let origin = { sample: 0, seconds: 0 }
  let begun = false
  const sampleAt = (seconds: number) => {
    const samples = (seconds - origin.seconds) * header.info.sampleRateHz
    return origin.sample + (overlapping ? Math.round(samples) : Math.ceil(samples - ROUNDING_SAMPLES))
  }
  const secondsAt = (sample: number) => origin.seconds + (sample - origin.sample) / header.info.sampleRateHz
  const firstSample = sampleAt(startSeconds) - Math.ceil(historySeconds * header.info.sampleRateHz)
  for await (const { span, sample } of file.frames(firstSample)) {
    if (signal?.aborted) throw new IsrError('ISR_STOPPED', 'stopped before the end')
    if (span.header !== header) {
      const seconds = secondsAt(sample)
      if (begun && seconds < endSeconds && !acrossStreams) throw crossing(seconds)
      origin = { sample, seconds }
      header = span.header
      history.reset(historySeconds)
    }
    const from = begun ? 0 : firstFrame(span, sampleAt(startSeconds) - sample, overlapping)
    if (from > 0) history.add(span.slice(0, from))
    if (from === span.frames) continue
    const to = Math.max(from, span.frameAtSample(sampleAt(endSeconds) - sample))
    if (to > from) {
      const found = { span: span.slice(from, to), startSeconds: secondsAt(sample + span.sampleOffset(from)) }
      yield begun ? found : { ...found, history: history.spans }
      begun = true
    }
    if (to < span.frames) return
  }
}

/** Frames that nobody hears before the first audible one prime the decoder: they are history. */
function firstFrame(span: FrameSpan, sample: number, overlapping: boolean): number {
  let first = span.frameAtSample(sample)
  if (overlapping && first > 0 && span.sampleOffset(first) > sample) first--
  while (first < span.frames && span.sampleOffset(first + 1) === span.sampleOffset(first)) first++
  return first
}

function crossing(seconds: number): IsrError {
  return new IsrError(
    'ISR_FORMATS_DIFFER',
    `another stream begins inside the file at ${seconds.toFixed(3)} s; cut on one side of it`,
  )
}
