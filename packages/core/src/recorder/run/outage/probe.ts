import { randomBytes } from 'node:crypto'
import type { Storage } from '../../../storages/storage.js'

/** Hidden, so it is no recording. */
const FOLDER = '.isr'

/**
 * Whether a storage takes bytes again: makes a hidden file of `bytes` bytes durable and removes it. A volume that is still full would
 * otherwise get an empty recording with every attempt. Never rejects.
 */
export async function takesBytes(storage: Storage, bytes: number): Promise<boolean> {
  try {
    const writer = await storage.create(`${FOLDER}/probe-${randomBytes(4).toString('hex')}`)
    try {
      writer.append(new Uint8Array(bytes).fill(0x55))
      await writer.commit([])
      return true
    } finally {
      await storage.remove(writer.name).catch(() => {})
    }
  } catch {
    return false
  }
}
