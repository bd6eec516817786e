import type { FramerSink, Framer } from './framer.js'
import type { HeaderCapture } from './header-capture.js'

/** A part of a file: `startByte` <= byte < `endByte`. */
export interface ByteRange {
  /** First byte of it. */
  readonly startByte: number
  /** First byte behind it. */
  readonly endByte: number
}

/**
 * A computation over a file that is not in memory: it yields the range that it wants, is resumed with the bytes that stand there
 * (fewer where the file ends), and returns its result. Pure: whoever drives it does the reading, and a test can count it.
 */
export type ByteQuest<Result> = Generator<ByteRange, Result, Uint8Array>

/** What the head and tail of a finished, growing or torn file tell. */
export interface FileLayout {
  /** The headers of its first logical stream. */
  readonly header: HeaderCapture
  /** Where frames begin: after tags, headers and Info frames. */
  readonly framesStartByte: number
  /** Where they end: the end of the file, or the start of trailing tags and chunks. */
  readonly framesEndByte: number
  /**
   * Frames at the start that are no payload: the declared hidden pre-roll of an `exact` file, silent frames included. 0 for files of
   * others whose hidden samples are no whole frames.
   */
  readonly prerollFrames: number
  /** Samples per channel that a decoder drops at the start: pre-roll and codec delay. */
  readonly hiddenSamples: number
  /** Audible samples per channel as the file itself declares; undefined when it does not, or cannot be trusted. */
  readonly samples?: number
  /** Wall clock of the first sample, from tags; undefined when there are none. */
  readonly startedAt?: number
}

/** A place in a file from which frames can be read on. */
export interface SeekPoint {
  /** Where a frame, or for Ogg a page, begins. */
  readonly byte: number
  /**
   * Audible samples of the file before the first frame that a resumed framer finds there. Negative where a whole frame is hidden:
   * declared pre-roll, and what MP3 hides. Where spans leave hidden samples out themselves, as at the start of an Opus stream, 0.
   */
  readonly sample: number
  /** Frames of the file before it, pre-roll included; undefined when that is not known without reading all before it. */
  readonly frame?: number
}

/** What a format can do with a file of its own, beside reading it from the start. One per format, in its folder's `file.ts`. */
export interface FileReading {
  /** Reads head and tail. Undefined when the file is none of this format or holds no frame. */
  inspect(sizeBytes: number): ByteQuest<FileLayout | undefined>
  /**
   * The last place at or before `sample` from which reading may begin, found with few reads: by arithmetic, seek table, or
   * bisection where the format numbers its frames; by walking the frame headers where it does not.
   */
  seek(layout: FileLayout, sizeBytes: number, sample: number): ByteQuest<SeekPoint>
  /** A framer for bytes from a seek point on: headers are known already, spans carry `layout.header`. */
  resume(layout: FileLayout, point: SeekPoint, sink: FramerSink): Framer
  /**
   * Whether `resume` may begin at any byte and finds the next whole frame itself. So the end of a file is read without all before it,
   * though nobody knows then which sample that is. Default false.
   */
  readonly resumesAnywhere?: boolean
}
