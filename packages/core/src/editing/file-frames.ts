import { IsrError } from '../errors.js'
import type { FileLayout, SeekPoint } from '../formats/file-layout.js'
import type { Format, FramerSink } from '../formats/format.js'
import type { FrameSpan } from '../formats/frame-span.js'
import type { RandomAccess } from '../storages/access/random-access.js'
import { drive } from './drive.js'
import { likelyFormats } from './likely-formats.js'

/** Bytes read at a time: few at first, as a short stretch may be all that is wanted, then so many that a read costs little beside them. */
const FIRST_CHUNK_BYTES = 1 << 17
const MOST_CHUNK_BYTES = 1 << 19

/** Consecutive frames of a file, and where they stand in it. */
export interface PlacedSpan {
  /** The frames. */
  readonly span: FrameSpan
  /**
   * Audible samples of the file before the first of them; negative inside hidden pre-roll. The start of `frame` is
   * `sample + span.sampleOffset(frame)`. Counts on where a new logical stream begins, in the rate of each.
   */
  readonly sample: number
  /** Frames of the file before them, pre-roll included; undefined when only reading all before could tell. */
  readonly frame?: number
}

/** How frames are read. */
export interface FrameReadOptions {
  /** Told of bytes that are in no frame, in order with the spans around them. Default nobody. */
  readonly onDiscard?: FramerSink['onDiscard']
}

/** A file of recorded audio, open for reading from any place. Whoever opened its {@link RandomAccess} closes it. */
export class RecordedFile {
  /** What it holds, by content. */
  readonly format: Format
  /** What its head and tail tell. */
  readonly layout: FileLayout
  readonly #access: RandomAccess

  constructor(format: Format, layout: FileLayout, access: RandomAccess) {
    this.format = format
    this.layout = layout
    this.#access = access
  }

  /**
   * The frames from the last place at or before `fromSample` where reading may begin, up to the end of the file, in pieces;
   * never more than a piece is in memory. A new `span.header` means that another logical stream follows in the same file.
   *
   * @param fromSample - audible sample; `-Infinity` for the very first frame, hidden pre-roll included
   * @throws {@link StorageError} when the file cannot be read
   */
  async *frames(fromSample: number, options: FrameReadOptions = {}): AsyncGenerator<PlacedSpan, void, undefined> {
    if (Number.isNaN(fromSample)) throw new IsrError('ISR_ARGUMENT_INVALID', 'fromSample: not a number')
    const { file: reading } = this.format
    const point = await drive(reading.seek(this.layout, this.#access.sizeBytes, fromSample), this.#access)
    yield* this.framesFrom(point, options)
  }

  /**
   * The frames from a place on where reading may begin, up to the end of the file, as {@link frames} gives them.
   * @throws {@link StorageError} when the file cannot be read
   */
  async *framesFrom(point: SeekPoint, options: FrameReadOptions = {}): AsyncGenerator<PlacedSpan, void, undefined> {
    const { sizeBytes } = this.#access
    let { sample, frame } = point
    let found: PlacedSpan[] = []
    const framer = this.format.file.resume(this.layout, point, {
      onSpan(span) {
        found.push({ span, sample, ...(frame !== undefined && { frame }) })
        sample += span.samples
        if (frame !== undefined) frame += span.frames
      },
      onDiscard: options.onDiscard ?? (() => {}),
    })
    let chunkBytes = FIRST_CHUNK_BYTES
    for (let at = point.byte; at < sizeBytes;) {
      const end = Math.min(sizeBytes, at + chunkBytes)
      framer.push(await this.#access.read(at, end))
      at = end
      chunkBytes = Math.min(MOST_CHUNK_BYTES, 2 * chunkBytes)
      yield* found
      found = []
    }
    framer.flush()
    yield* found
  }
}

/**
 * Opens a finished, growing or torn recording: tells its format by content, then reads its head and tail.
 *
 * @param access - stays the caller's to close
 * @param formats - the formats to choose from
 * @throws {@link IsrError} `ISR_FORMAT_UNKNOWN` when no frame of any of them is in it; {@link StorageError} when it cannot be read
 */
export async function openRecordedFile(access: RandomAccess, formats: readonly Format[]): Promise<RecordedFile> {
  for (const format of await likelyFormats(access, formats)) {
    const layout = await drive(format.file.inspect(access.sizeBytes), access)
    if (layout) return new RecordedFile(format, layout, access)
  }
  throw new IsrError('ISR_FORMAT_UNKNOWN', 'the file holds no audio of a format that is recorded')
}
