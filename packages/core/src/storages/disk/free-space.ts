import { stat, statfs } from 'node:fs/promises'
import { storageFault } from '../storage-fault.js'

/** A volume as a folder sees it. */
export interface VolumeSpace {
  /** Identifies the volume while it is mounted: folders of one volume share it. */
  readonly volume: string
  /** What may still be written there without special rights, in bytes. */
  readonly freeBytes: number
}

/** The volume of a folder. @throws {@link StorageError} */
export async function volumeSpace(directory: string): Promise<VolumeSpace> {
  try {
    const [{ dev }, { bavail, bsize }] = await Promise.all([stat(directory), statfs(directory)])
    return { volume: String(dev), freeBytes: bavail * bsize }
  } catch (error) {
    throw storageFault(error, 'find', directory)
  }
}

/** When a file got its name, its content or its rights last: what copies and backups cannot set back. @throws {@link StorageError} */
export async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).ctimeMs
  } catch (error) {
    throw storageFault(error, 'find', path)
  }
}
