import { drive } from '../editing/drive.js'
import { openRecordedFile } from '../editing/file-frames.js'
import type { Framer } from '../formats/format.js'
import type { FrameSpan } from '../formats/frame-span.js'
import type { HeaderCapture } from '../formats/header-capture.js'
import { builtInFormats } from '../formats/registry.js'
import type { RandomAccess } from '../storages/access/random-access.js'

/** Bytes read at a time. */
const CHUNK_BYTES = 1 << 18
/** Formats whose frames are found from any byte on: to find them by number, the whole file would be read. */
const FOUND_ANYWHERE = new Set(['mp3', 'aac'])
/** Two seconds of the highest bit rate of those. */
const LATEST_BYTES = 80_000
/** Later than any. */
const LAST_SAMPLE = Number.MAX_SAFE_INTEGER

/** The frames of a file that somebody else writes, each once, as they come. */
export class GrowingFrames {
  /** The headers in force; spans carry it. */
  readonly header: HeaderCapture
  readonly #framer: Framer
  #at: number
  /** Frames at the start that are to be heard nowhere. */
  #hidden: number

  private constructor(
    header: HeaderCapture,
    framer: (take: (span: FrameSpan) => void) => Framer,
    at: number,
    hidden: number,
    onSpan: (span: FrameSpan) => void,
  ) {
    this.header = header
    this.#at = at
    this.#hidden = hidden
    this.#framer = framer((span) => {
      const skipped = Math.min(this.#hidden, span.frames)
      this.#hidden -= skipped
      if (skipped < span.frames) onSpan(span.slice(skipped, span.frames))
    })
  }

  /**
   * Looks at the file as it is now.
   * @param access - stays the caller's to close
   * @param from - `start`: every frame but hidden pre-roll; `end`: only the latest and what comes
   * @param onSpan - told of frames, inside of `read`
   * @throws IsrError `ISR_FORMAT_UNKNOWN` while there is no frame in it; StorageError when it cannot be read
   */
  static async open(
    access: RandomAccess,
    from: 'start' | 'end',
    onSpan: (span: FrameSpan) => void,
  ): Promise<GrowingFrames> {
    const { format, layout } = await openRecordedFile(access, builtInFormats)
    const { sizeBytes } = access
    const start = { byte: layout.framesStartByte, sample: 0 }
    const latest = async () =>
      FOUND_ANYWHERE.has(format.name)
        ? { byte: Math.max(start.byte, sizeBytes - LATEST_BYTES), sample: 0 }
        : drive(format.file.seek(layout, sizeBytes, LAST_SAMPLE), access)
    const point = from === 'start' ? start : await latest()
    const hidden = point.byte === start.byte ? layout.prerollFrames : 0
    const framer = (take: (span: FrameSpan) => void) =>
      format.file.resume(layout, point, { onSpan: take, onDiscard: () => {} })
    return new GrowingFrames(layout.header, framer, point.byte, hidden, onSpan)
  }

  /**
   * Reads what has come since.
   * @param access - to the same file, opened just now
   * @throws StorageError when it cannot be read
   */
  async read(access: RandomAccess): Promise<void> {
    while (this.#at < access.sizeBytes) {
      const bytes = await access.read(this.#at, Math.min(access.sizeBytes, this.#at + CHUNK_BYTES))
      if (bytes.length === 0) return
      this.#at += bytes.length
      this.#framer.push(bytes)
    }
  }

  /** The file is complete, and read: the last frames, which nothing follows, go out too. */
  end(): void {
    this.#framer.flush()
  }
}
