import { concatBytes } from '../../bytes/concat.js'
import type { FileLayout } from '../../formats/file-layout.js'
import type { Format } from '../../formats/format.js'
import type { Storage } from '../../storages/storage.js'

/** What head and tail of a file tell; undefined when its format cannot say, or holds no frame. @throws {@link StorageError} */
export async function inspectFile(
  storage: Pick<Storage, 'read'>,
  name: string,
  format: Format,
  sizeBytes: number,
): Promise<FileLayout | undefined> {
  const quest = format.file?.inspect(sizeBytes)
  if (!quest) return undefined
  let step = quest.next()
  while (!step.done) {
    const parts: Uint8Array[] = []
    for await (const part of storage.read(name, step.value)) parts.push(part)
    step = quest.next(concatBytes(parts))
  }
  return step.value
}
