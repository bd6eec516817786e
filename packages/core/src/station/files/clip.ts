import { openWasmDecoder } from '../../decoders/open-decoder.js'
import { clipPiece, type Clip } from '../../editing/clip.js'
import type { EditOptions } from '../../editing/cut.js'
import type { TimeRange } from '../../editing/frames-between.js'
import type { Format } from '../../formats/format.js'
import { withRecordedFile } from './open-file.js'

/** Options of {@link clip}. */
export interface ClipOptions extends TimeRange, EditOptions {
  /** Path of the file; it may be growing or torn. */
  readonly input: string
  /** Folder that the input must lie in: links that lead out of it are not followed. @defaultValue anywhere */
  readonly within?: string
  /** The longest clip allowed, in seconds; it is kept in memory. @defaultValue 600 */
  readonly maxSeconds?: number
  /** Formats to choose from. @defaultValue every built-in one */
  readonly formats?: readonly Format[]
}

/**
 * Decodes a stretch of a recorded file into a WAV file of 16 bits in memory, exact to the sample. WAV and FLAC are decoded in our own
 * code; MP3, Opus and Vorbis need the optional packages `mpg123-decoder`, `opus-decoder` and `@wasm-audio-decoders/ogg-vorbis`,
 * which npm installs where it can. There is no decoder for AAC.
 *
 * @example
 * ```ts
 * const { wav } = await clip({ input: 'rec.ogg', startSeconds: 12.5, endSeconds: 15 })
 * ```
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID`, `ISR_FORMAT_UNKNOWN`, `ISR_SPAN_EMPTY`, `ISR_DECODER_MISSING`,
 * `ISR_DECODE_FAILED`, `ISR_FORMATS_DIFFER`, `ISR_STOPPED`
 * @throws {@link StorageError}
 */
export async function clip(options: ClipOptions): Promise<Clip> {
  const { input, formats, maxSeconds = 600 } = options
  return withRecordedFile(
    input,
    formats,
    ({ file }) => clipPiece(file, { ...options, maxSeconds, openDecoder: openWasmDecoder }),
    options.within,
  )
}
