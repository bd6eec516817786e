import { dirname, extname, join, resolve } from 'node:path'
import { checkRange, cutPiece, type EditOptions, type Piece } from '../../editing/cut.js'
import type { TimeRange } from '../../editing/frames-between.js'
import type { Format, SplitJoin } from '../../formats/format.js'
import { m4aContainer } from '../../formats/mp4/index.js'
import type { EpochMs } from '../../model.js'
import { checkExtension } from './check-extension.js'
import { withRecordedFile, sourceNameOf, type OpenedFile } from './open-file.js'
import { pieceName } from './piece-name.js'
import { writeNewFile } from './write-new.js'

/** Options of {@link cut}. */
export interface CutOptions extends TimeRange, EditOptions {
  /** Path of the file to cut from; it may be growing or torn. */
  readonly input: string
  /** Folder that the input must lie in: links that lead out of it are not followed. @defaultValue anywhere */
  readonly within?: string
  /**
   * Path of the new file; its folder exists, and its extension is not that of another format. A name in `.m4a` puts AAC into MP4, where it is exact.
   * @defaultValue `cut_20261122_170030-170130.mp3` by the wall clock when the file tells it, else
   * `<name>_<start>-<end>.mp3` by the position in the file
   */
  readonly output?: string
  /** Folder of a new file that `output` does not name. @defaultValue that of the input */
  readonly outputDirectory?: string
  /** How the piece joins its neighbours. @defaultValue `exact` */
  readonly join?: SplitJoin
  /** Hidden pre-roll of Opus, in milliseconds: 80 to 1300. @defaultValue 400 */
  readonly opusPrerollMs?: number
  /** Name of the source for the tags. @defaultValue what the file says, else its name */
  readonly source?: string
  /** Title for the tags. @defaultValue none */
  readonly title?: string
  /** Wall clock of the first sample of the input. @defaultValue what its tags say */
  readonly startedAt?: EpochMs
  /** IANA zone of the times in names and tags. @defaultValue the system's */
  readonly timeZone?: string
  /** Formats to choose from. @defaultValue every built-in one */
  readonly formats?: readonly Format[]
}

/** What {@link cut} made. */
export interface CutResult extends Piece {
  /** Path of the new file. */
  readonly output: string
  /** Bytes read of the input. */
  readonly bytesRead: number
}

/**
 * Cuts a stretch out of a recorded file into a file of its own, without re-encoding and without reading the rest. Both ends lie on
 * the first frame at or after the time asked for, so pieces side by side have everything once; in MP3, Ogg, FLAC and WAV they
 * decode, one after another, to exactly the samples of the whole.
 *
 * @example
 * ```ts
 * const { output, startSeconds } = await cut({ input: 'rec.mp3', startSeconds: 90, endSeconds: 150 })
 * ```
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID`, `ISR_FORMAT_UNKNOWN`, `ISR_SPAN_EMPTY`, `ISR_FORMATS_DIFFER`, `ISR_STOPPED`
 * @throws {@link StorageError} `ISR_STORAGE_EXISTS` when there is something of that name, and others
 */
export async function cut(options: CutOptions): Promise<CutResult> {
  checkRange(options)
  const { input, outputDirectory, join: joined = 'exact', opusPrerollMs = 400 } = options
  const make = async ({ file, access }: OpenedFile): Promise<CutResult> => {
    const startedAt = options.startedAt ?? file.layout.startedAt
    const output =
      options.output ?? join(outputDirectory ?? dirname(input), pieceName(input, file, { ...options, startedAt }))
    const container = extname(output).toLowerCase() === '.m4a' ? m4aContainer : undefined
    checkExtension(output, file.layout.header.extension)
    const source = options.source ?? sourceNameOf(file, input)
    const piece = await writeNewFile(resolve(output), (written) =>
      cutPiece(file, written, { ...options, startedAt, source, join: joined, opusPrerollMs, container }),
    )
    return { output, ...piece, bytesRead: access.bytesRead }
  }
  return withRecordedFile(input, options.formats, make, options.within)
}
