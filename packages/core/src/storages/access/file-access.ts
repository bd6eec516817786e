import { constants, readSync, type Stats } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { bytesWithHeadroom } from '../../bytes/headroom.js'
import { StorageError } from '../../errors.js'
import type { EpochMs } from '../../model.js'
import { liesWithin } from './lies-within.js'
import type { RandomAccess } from './random-access.js'
import { storageFault } from '../storage-fault.js'

/** Random access to a file on disk by positioned reads through one handle. The file may grow, shrink or vanish meanwhile. */
export class FileAccess implements RandomAccess {
  readonly sizeBytes: number
  /** Last change, at the moment it was opened. */
  readonly modifiedAt: EpochMs
  readonly #path: string
  readonly #handle: FileHandle
  #closing?: Promise<void>

  /**
   * Opens a file for reading.
   * @param within - folder that it must lie in; links that lead out of it are not followed. Default: anywhere
   * @throws {@link StorageError} `ISR_STORAGE_NOT_FOUND` when there is none, or something that is no regular file
   */
  static async open(path: string, within?: string): Promise<FileAccess> {
    let handle: FileHandle | undefined
    try {
      // a pipe that somebody put there would hang a thread without it
      handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
      const facts = await handle.stat()
      if (facts.isFile() && (within === undefined || (await liesWithin(within, path, handle.fd, facts))))
        return new FileAccess(path, handle, facts)
      throw new StorageError('ISR_STORAGE_NOT_FOUND', `cannot open ${path}: it is not a file`)
    } catch (error) {
      await handle?.close().catch(() => {})
      throw storageFault(error, 'open', path)
    }
  }

  private constructor(path: string, handle: FileHandle, { size, mtimeMs }: Stats) {
    this.#path = path
    this.#handle = handle
    this.sizeBytes = size
    this.modifiedAt = mtimeMs
  }

  async read(startByte: number, endByte: number): Promise<Uint8Array> {
    const start = Math.max(0, startByte)
    const buffer = bytesWithHeadroom(Math.max(0, Math.min(endByte, this.sizeBytes) - start))
    let length = 0
    try {
      while (length < buffer.length) {
        const { bytesRead } = await this.#handle.read(buffer, length, buffer.length - length, start + length)
        if (bytesRead === 0) break // it has shrunk
        length += bytesRead
      }
    } catch (error) {
      throw storageFault(error, 'read', this.#path)
    }
    return buffer.subarray(0, length)
  }

  readSync(into: Uint8Array, startByte: number): number {
    const wanted = Math.max(0, Math.min(into.length, this.sizeBytes - startByte))
    let length = 0
    try {
      while (length < wanted) {
        const bytesRead = readSync(this.#handle.fd, into, length, wanted - length, startByte + length)
        if (bytesRead === 0) break // it has shrunk
        length += bytesRead
      }
    } catch (error) {
      throw storageFault(error, 'read', this.#path)
    }
    return length
  }

  close(): Promise<void> {
    this.#closing ??= this.#handle.close().catch(() => {})
    return this.#closing
  }
}
