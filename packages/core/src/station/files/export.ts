import { extname, join, resolve } from 'node:path'
import { openWasmDecoder } from '../../decoders/open-decoder.js'
import { openRecordedFile } from '../../editing/file-frames.js'
import type { EditOptions } from '../../editing/cut.js'
import { CopyWriter } from '../../editing/export/copy-writer.js'
import { DecodeWriter } from '../../editing/export/decode-writer.js'
import { exportSpan, type ExportFacts, type PartInput } from '../../editing/export/export.js'
import { selectRecordings, type WantedRecording } from '../../editing/export/select.js'
import { PieceWriter } from '../../editing/piece-writer.js'
import { IsrError, StorageError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import { m4aContainer } from '../../formats/mp4/index.js'
import { builtInFormats } from '../../formats/registry.js'
import { readLedgerLines } from '../../ledger/read/read-lines.js'
import type { EpochMs } from '../../model.js'
import { serialOf } from '../../recorder/run/serial.js'
import { FileAccess } from '../../storages/access/file-access.js'
import { FileStorage } from '../../storages/file-storage.js'
import { checkName } from '../../storages/safe-name.js'
import type { NewFile } from '../../storages/storage.js'
import { utcOffsetMinutes } from '../../time/strftime.js'
import { LEDGER_NAME } from '../open-ledger.js'
import { checkExtension } from './check-extension.js'
import { decodedFormat } from './decoded-format.js'
import { writeNewFile } from './write-new.js'

/** Options of {@link exportRecordings}. */
export interface ExportOptions extends EditOptions {
  /** Folder of the recordings, with its ledger in `.isr`. */
  readonly directory: string
  /** Name of the source. */
  readonly source: string
  /** Wall clock where the span begins. */
  readonly from: EpochMs
  /** Wall clock where it ends. */
  readonly to: EpochMs
  /** Path of the new file; its folder exists, and its extension is not that of another format. A name in `.m4a` puts AAC into MP4, where it is exact. */
  readonly output: string
  /** Decode to WAV or FLAC, so that recordings of different formats become one file. @defaultValue copy, nothing is decoded */
  readonly as?: 'wav' | 'flac'
  /**
   * Put silence where nothing was recorded: in WAV, FLAC and MP3, and in anything decoded. @defaultValue the audio on both sides follows
   * each other; gaps are reported
   */
  readonly fillGaps?: 'silence'
  /** Hidden pre-roll of Opus, in milliseconds. @defaultValue 400 */
  readonly opusPrerollMs?: number
  /** IANA zone of the times in tags. @defaultValue the system's */
  readonly timeZone?: string
  /** Formats to choose from. @defaultValue every built-in one */
  readonly formats?: readonly Format[]
}

/** What {@link exportRecordings} made. */
export interface ExportResult extends ExportFacts {
  /** Path of the new file. */
  readonly output: string
  /** Name of its format. */
  readonly format: string
  /** Samples per channel. */
  readonly samples: number
  /** Size of the file. */
  readonly bytes: number
}

/** Sources that are named when the one that was asked for is not there. */
const MAX_NAMED = 20

/**
 * Writes what one source recorded in any span of time into one file, however many recordings that is. Nothing is re-encoded: inside a
 * run frames follow each other exactly; where audio is missing the file goes on with the next, and the gap is reported or filled with
 * silence. Recordings of different kinds are refused, or decoded to WAV or FLAC.
 *
 * @example
 * ```ts
 * const { gaps } = await exportRecordings({ directory: 'recordings', source: 'radio', from, to, output: 'show.mp3' })
 * ```
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID`, `ISR_SPAN_EMPTY`, `ISR_FORMATS_DIFFER`, `ISR_FORMAT_UNKNOWN`,
 * `ISR_DECODER_MISSING`, `ISR_DECODE_FAILED`, `ISR_STOPPED`
 * @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` when the folder has no ledger, `ISR_STORAGE_EXISTS`, and others
 */
export async function exportRecordings(options: ExportOptions): Promise<ExportResult> {
  const { directory, source, from, to, output, formats = builtInFormats } = options
  if (!(Number.isFinite(from) && to > from)) {
    throw new IsrError('ISR_ARGUMENT_INVALID', 'the span must end after it begins')
  }
  const storage = new FileStorage({ directory })
  const selection = await selectRecordings(readLedgerLines(storage.read(LEDGER_NAME)), source, from, to).catch(
    (error: unknown) => Promise.reject(noLedger(error, directory)),
  )
  if (selection.recordings.length === 0) await refuseUnknown(storage, source)
  const open = async ({ name }: WantedRecording) => {
    const access = await FileAccess.open(join(directory, checkName(name)), directory)
    try {
      return { file: await openRecordedFile(access, formats), close: () => access.close() }
    } catch (error) {
      await access.close()
      throw error
    }
  }
  return writeNewFile(resolve(output), async (written) => {
    const writer = createWriter(options, written)
    const fillGaps = options.fillGaps !== undefined
    const facts = await exportSpan({ ...options, ...selection, fillGaps, open }, writer.parts)
    const { piece } = writer.parts
    await piece?.finish()
    const { samples = 0 } = piece?.counts ?? {}
    return { output, format: writer.format(), ...facts, samples, bytes: piece?.bytes ?? 0 }
  })
}

function noLedger(error: unknown, directory: string): unknown {
  if (!(error instanceof StorageError && error.code === 'ISR_STORAGE_NOT_FOUND')) return error
  const words = `${directory} has no ledger (.isr/ledger.jsonl), which tells what was recorded when; isr verify --adopt makes one`
  return new StorageError(error.code, words, { cause: error })
}

/** A name that was written wrongly is told beside those that there are. */
async function refuseUnknown(storage: FileStorage, source: string): Promise<void> {
  const known = new Set<string>()
  for await (const line of readLedgerLines(storage.read(LEDGER_NAME))) if ('entry' in line) known.add(line.entry.source)
  known.delete('')
  if (known.size === 0 || known.has(source)) return
  const names = [...known].slice(0, MAX_NAMED).map((name) => JSON.stringify(name))
  const more = known.size > MAX_NAMED ? ', ...' : ''
  throw new IsrError(
    'ISR_SPAN_EMPTY',
    `no recording of this source is there: ${JSON.stringify(source)}; there are ${names.join(', ')}${more}`,
  )
}

function createWriter(options: ExportOptions, output: NewFile) {
  const { source, signal, timeZone, opusPrerollMs = 400 } = options
  let name = ''
  const begin = (part: PartInput, startSeconds: number, format: Pick<Format, 'name' | 'createMuxer'>): PieceWriter => {
    const { recording } = part
    const startedAt = recording.startedAt + startSeconds * 1000
    name = format.name
    return new PieceWriter({
      format,
      output,
      context: {
        join: 'exact',
        source,
        ...(startSeconds === 0 && recording.title !== undefined && { title: recording.title }),
        startedAt,
        utcOffsetMinutes: utcOffsetMinutes(startedAt, timeZone),
        serial: serialOf(recording.run, Math.round(startedAt)),
        opusPrerollMs,
      },
    })
  }
  const format = () => name
  if (options.as) {
    const decoded = decodedFormat(options.as)
    checkExtension(options.output, options.as)
    const write = (part: PartInput, startSeconds: number) => begin(part, startSeconds, decoded)
    return { format, parts: new DecodeWriter({ signal, openDecoder: openWasmDecoder, begin: write }) }
  }
  const container = extname(options.output).toLowerCase() === '.m4a' ? m4aContainer : undefined
  const copy = (part: PartInput, startSeconds: number) => {
    checkExtension(options.output, part.file.layout.header.extension)
    return begin(part, startSeconds, container ?? part.file.format)
  }
  const fillGaps = options.fillGaps !== undefined
  return { format, parts: new CopyWriter({ signal, fillGaps, begin: copy, ...(container && { container }) }) }
}
