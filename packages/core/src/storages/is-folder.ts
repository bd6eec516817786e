import { stat } from 'node:fs/promises'

/** Whether there is a folder of this path that may be looked at. Never rejects. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  )
}
