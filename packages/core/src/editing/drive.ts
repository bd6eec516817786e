import type { ByteQuest } from '../formats/file-layout.js'
import type { RandomAccess } from '../storages/access/random-access.js'

/** Runs a computation over a file: reads what it asks for until it is done. @throws {@link StorageError} */
export async function drive<Result>(quest: ByteQuest<Result>, access: RandomAccess): Promise<Result> {
  let step = quest.next()
  while (!step.done) {
    const { startByte, endByte } = step.value
    step = quest.next(await access.read(startByte, endByte))
  }
  return step.value
}
