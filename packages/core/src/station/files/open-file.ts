import { basename } from 'node:path'
import { openRecordedFile, type RecordedFile } from '../../editing/file-frames.js'
import { IsrError } from '../../errors.js'
import type { Format } from '../../formats/format.js'
import { builtInFormats } from '../../formats/registry.js'
import { CountedAccess } from '../../editing/counted-access.js'
import { FileAccess } from '../../storages/access/file-access.js'

/** A recorded file and what was read of it. */
export interface OpenedFile {
  /** What is in it. */
  readonly file: RecordedFile
  /** Counts the reads. */
  readonly access: CountedAccess
}

/**
 * Opens a file on disk, works with it and closes it again.
 * @param within - folder that it must lie in; links that lead out of it are not followed. Default: anywhere
 * @throws {@link StorageError}; {@link IsrError} `ISR_FORMAT_UNKNOWN` when it holds no audio, and whatever `work` throws
 */
export async function withRecordedFile<Result>(
  path: string,
  formats: readonly Format[] = builtInFormats,
  work: (opened: OpenedFile) => Promise<Result>,
  within?: string,
): Promise<Result> {
  const access = new CountedAccess(await FileAccess.open(path, within))
  try {
    return await work({ file: await openNamed(path, access, formats), access })
  } finally {
    await access.close()
  }
}

async function openNamed(path: string, access: CountedAccess, formats: readonly Format[]): Promise<RecordedFile> {
  try {
    return await openRecordedFile(access, formats)
  } catch (error) {
    if (!(error instanceof IsrError) || error.code !== 'ISR_FORMAT_UNKNOWN') throw error
    const what = access.sizeBytes === 0 ? 'it is empty' : 'no audio of a format that is recorded is in it'
    throw new IsrError('ISR_FORMAT_UNKNOWN', `cannot read ${path}: ${what}`, { cause: error })
  }
}

/** Name of the source for tags: what the file says, else its own name. */
export function sourceNameOf(file: RecordedFile, path: string): string {
  return file.layout.header.metadata.isr_source ?? basename(path)
}
