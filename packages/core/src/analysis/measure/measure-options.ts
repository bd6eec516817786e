import { setImmediate } from 'node:timers/promises'
import type { FileDecoder, OpenDecoder } from '../../decoders/decoder.js'
import type { EditOptions } from '../../editing/cut.js'
import type { RecordedFile } from '../../editing/file-frames.js'
import { IsrError } from '../../errors.js'
import type { RandomAccess } from '../../storages/access/random-access.js'
import type { MeasurementOptions } from './measurement.js'

/** What {@link measureFile} works with. */
export interface MeasureOptions extends MeasurementOptions, EditOptions {
  /** The bytes of the file. */
  readonly access: RandomAccess
  /** Where it is on disk, for programs; absent when it is not on disk. */
  readonly path?: string
  /** Opens decoders inside of this process. */
  readonly openDecoder: OpenDecoder
  /** Decodes in a program of its own, which is quicker; absent when there is none. */
  readonly fileDecoder?: FileDecoder
  /** Whether the thread may block: then bytes are read where they are measured. */
  readonly mayBlock?: boolean
}

/** Lets others have their turn, and ends work that nobody wants any more. @throws {@link IsrError} `ISR_STOPPED` */
export async function takeTurns(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate()
  if (signal?.aborted) throw new IsrError('ISR_STOPPED', 'stopped before the end')
}

/** How long a file is by what it tells, in seconds; by its nominal bit rate where it tells nothing; 0 when nobody knows. */
export function expectedSeconds({ layout }: RecordedFile): number {
  const { header, samples, framesStartByte, framesEndByte } = layout
  const { sampleRateHz, bitrateBps } = header.info
  if (samples !== undefined) return samples / sampleRateHz
  return bitrateBps > 0 ? ((framesEndByte - framesStartByte) * 8) / bitrateBps : 0
}

/** Where a file says that its audio ends, in seconds: an MP3 may say how many of its last samples are padding; Ogg says it where it ends. */
export function audibleEnd({ layout: { header, samples } }: RecordedFile): number {
  const { codec, sampleRateHz } = header.info
  return codec === 'mp3' && samples !== undefined ? samples / sampleRateHz : Infinity
}
