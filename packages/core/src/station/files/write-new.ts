import type { NewFile } from '../../storages/storage.js'
import { DiskNewFile } from '../../storages/disk/disk-new-file.js'

/**
 * Makes a file on disk: it appears when `work` is done, and not at all when it fails.
 * @throws {@link StorageError}, and whatever `work` throws
 */
export async function writeNewFile<Result>(path: string, work: (output: NewFile) => Promise<Result>): Promise<Result> {
  const output = await DiskNewFile.begin(path)
  try {
    const result = await work(output)
    await output.commit()
    return result
  } finally {
    await output.abandon()
  }
}
