import { drive } from '../editing/drive.js'
import type { RandomAccess } from '../storages/access/random-access.js'
import type { LivePatcher, LiveView } from './live-patcher.js'

/**
 * What to serve of a growing file as it is now.
 * @param patcher - of this file; kept from one call to the next, it reads less
 * @param access - opened just now: it shows the file at the size that it had then
 * @throws {@link StorageError} when the file cannot be read
 */
export function readLiveView(patcher: LivePatcher, access: RandomAccess): Promise<LiveView> {
  return drive(patcher.view(access.sizeBytes), access)
}
