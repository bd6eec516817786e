import { fileSpectrogram, type Spectrogram, type SpectrogramShape } from '../../analysis/spectrum/spectrogram.js'
import { openWasmDecoder } from '../../decoders/open-decoder.js'
import type { EditOptions } from '../../editing/cut.js'
import type { Format } from '../../formats/format.js'
import { withRecordedFile } from './open-file.js'

/** Options of {@link spectrogram}. */
export interface SpectrogramOptions extends SpectrogramShape, EditOptions {
  /** Path of the file; it may be growing or torn. */
  readonly input: string
  /** Folder that the input must lie in: links that lead out of it are not followed. @defaultValue anywhere */
  readonly within?: string
  /** Formats to choose from. @defaultValue every built-in one */
  readonly formats?: readonly Format[]
}

/**
 * How loud each frequency of a stretch of a recorded file is, ready to be drawn. Up to two minutes are read whole; of longer stretches
 * some 400 places are looked at, so that a day costs as much as ten minutes. What is decoded is what `clip` decodes.
 *
 * @example
 * ```ts
 * const { levels } = await spectrogram({ input: 'rec.flac', startSeconds: 0, endSeconds: 60, columns: 800, bands: 128 })
 * ```
 * @throws {@link IsrError} `ISR_ARGUMENT_INVALID`, `ISR_FORMAT_UNKNOWN`, `ISR_DECODER_MISSING`, `ISR_DECODE_FAILED`, `ISR_STOPPED`
 * @throws {@link StorageError}
 */
export async function spectrogram(options: SpectrogramOptions): Promise<Spectrogram> {
  const { input, formats, within } = options
  return withRecordedFile(
    input,
    formats,
    ({ file }) => fileSpectrogram(file, { ...options, openDecoder: openWasmDecoder }),
    within,
  )
}
