import { dirname } from 'node:path'
import { makeFolder } from '../../make-folder.js'
import type { Disk } from '../disk.js'

/** Makes a folder where it is missing; names of new ones are durable. @throws the error of Node.js */
export async function makeDurableFolder(disk: Disk, path: string): Promise<void> {
  const made = await makeFolder(path, (path) => disk.makeFolder(path))
  for (const folder of made) await syncFolderOn(disk, dirname(folder))
}

/** A new name is durable only when its folder is. @returns the volume of the folder @throws the error of Node.js */
export async function syncFolderOn(disk: Disk, path: string): Promise<string> {
  const handle = await disk.open(path, 0)
  try {
    await disk.sync(handle)
    return String((await disk.stat(handle)).dev)
  } finally {
    await disk.close(handle)
  }
}
