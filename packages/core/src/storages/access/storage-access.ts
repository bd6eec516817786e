import { concatBytes } from '../../bytes/concat.js'
import { StorageError } from '../../errors.js'
import type { Storage } from '../storage.js'
import type { RandomAccess } from './random-access.js'

/** Random access to a recording in any storage, by reading ranges. */
export class StorageAccess implements RandomAccess {
  readonly sizeBytes: number
  readonly #storage: Storage
  readonly #name: string

  /** Opens a recording. @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` */
  static async open(storage: Storage, name: string): Promise<StorageAccess> {
    for await (const stored of storage.list())
      if (stored.name === name) return new StorageAccess(storage, name, stored.sizeBytes)
    throw new StorageError('ISR_STORAGE_NOT_FOUND', `there is no ${name} in ${storage.location}`)
  }

  private constructor(storage: Storage, name: string, sizeBytes: number) {
    this.#storage = storage
    this.#name = name
    this.sizeBytes = sizeBytes
  }

  async read(startByte: number, endByte: number): Promise<Uint8Array> {
    const range = { startByte: Math.max(0, startByte), endByte: Math.min(endByte, this.sizeBytes) }
    if (range.endByte <= range.startByte) return new Uint8Array(0)
    const parts: Uint8Array[] = []
    for await (const part of this.#storage.read(this.#name, range)) parts.push(part)
    return concatBytes(parts)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
