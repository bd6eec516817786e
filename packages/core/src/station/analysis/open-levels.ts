import { concatBytes } from '../../bytes/concat.js'
import { PyramidReader } from '../../analysis/pyramid/pyramid-reader.js'
import { FileAccess } from '../../storages/access/file-access.js'
import { MemoryAccess } from '../../storages/access/memory-access.js'

/** Levels of a recording, ready to be read. */
export interface RecordedLevels {
  /** Reads them. */
  readonly reader: PyramidReader
  /** Where they are in memory, because they could not be kept: how many bytes they take there; 0 when they are in a file. */
  readonly memoryBytes: number
  /** Ends it. */
  close(): Promise<void>
}

/**
 * Opens levels that were just measured.
 * @param pages - when they could not be kept
 * @param path - where they are otherwise
 * @returns undefined when there are none
 */
export async function openLevels(
  pages: readonly Uint8Array[] | undefined,
  path: string | undefined,
): Promise<RecordedLevels | undefined> {
  const inFile = async () => (path === undefined ? undefined : FileAccess.open(path).catch(() => undefined))
  const access = pages ? new MemoryAccess(concatBytes(pages)) : await inFile()
  const reader = access && (await PyramidReader.open(access))
  if (reader) return { reader, memoryBytes: pages ? access.sizeBytes : 0, close: () => access.close() }
  await access?.close()
  return undefined
}
