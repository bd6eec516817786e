import { constants } from 'node:fs'
import { dirname } from 'node:path'
import { StorageError } from '../../../errors.js'
import { storageFault } from '../../storage-fault.js'
import type { Disk } from '../disk.js'
import type { TaskResult, VolumeTask } from '../protocol.js'
import { makeDurableFolder, syncFolderOn } from './folders.js'

const NEWLINE = 0x0a
const TAIL_BYTES = 64 * 1024
const { O_RDWR, O_CREAT, O_APPEND, O_TRUNC } = constants

interface SideFile {
  readonly path: string
  readonly handle: number
}

type SideTask = Extract<VolumeTask, { readonly side: number }>

/** Files beside the recordings: that of the ledger, of levels. */
export class SideFiles {
  readonly #disk: Disk
  readonly #files = new Map<number, SideFile>()

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** @throws {@link StorageError} */
  async do(task: SideTask): Promise<TaskResult> {
    const path = task.type === 'open' ? task.path : (this.#files.get(task.side)?.path ?? 'a file that is closed')
    try {
      if (task.type === 'open') return { sizeBytes: await this.#open(task.side, task.path, task.kind) }
      if (task.type === 'append') await this.#append(task.side, task.bytes, task.sync)
      else await this.#close(task.side, task.sync)
      return {}
    } catch (error) {
      // the next append opens it again: its folder may have been removed and made anew
      await this.#forget(task.side)
      throw storageFault(error, task.type === 'open' ? 'open' : 'write', path)
    }
  }

  async #open(side: number, path: string, kind: 'lines' | 'anew'): Promise<number> {
    await this.#forget(side)
    await makeDurableFolder(this.#disk, dirname(path))
    const handle = await this.#disk.open(
      path,
      kind === 'lines' ? O_RDWR | O_CREAT | O_APPEND : O_RDWR | O_CREAT | O_TRUNC,
    )
    this.#files.set(side, { path, handle })
    if (kind === 'anew') return 0
    const { size } = await this.#disk.stat(handle)
    const keep = await endOfLastLine(this.#disk, handle, size)
    if (keep < size) await this.#disk.truncate(handle, keep)
    if (size === 0) await syncFolderOn(this.#disk, dirname(path))
    return keep
  }

  async #append(side: number, bytes: Uint8Array, sync: boolean): Promise<void> {
    const { handle, path } = this.#of(side)
    // lines in a file that was removed would be lost without a word
    if ((await this.#disk.stat(handle)).nlink === 0)
      throw new StorageError('ISR_STORAGE_NOT_FOUND', `cannot write ${path}: it was removed`)
    for (let done = 0; done < bytes.length;)
      done += await this.#disk.write(handle, bytes, done, bytes.length - done, null)
    if (sync) await this.#disk.datasync(handle)
  }

  async #close(side: number, sync: boolean): Promise<void> {
    if (sync && this.#files.has(side)) await this.#disk.datasync(this.#of(side).handle)
    await this.#forget(side)
  }

  #of(side: number): SideFile {
    const file = this.#files.get(side)
    if (!file) throw new StorageError('ISR_STORAGE_FAILED', 'a file beside the recordings is not open any more')
    return file
  }

  async #forget(side: number): Promise<void> {
    const file = this.#files.get(side)
    this.#files.delete(side)
    try {
      if (file) await this.#disk.close(file.handle)
    } catch {
      // it is closed all the same
    }
  }
}

async function endOfLastLine(disk: Disk, handle: number, size: number): Promise<number> {
  for (let length = TAIL_BYTES; size > 0; length *= 2) {
    const tail = Buffer.alloc(Math.min(size, length))
    await disk.read(handle, tail, 0, tail.length, size - tail.length)
    const newline = tail.lastIndexOf(NEWLINE)
    if (newline >= 0) return size - tail.length + newline + 1
    if (tail.length === size) break
  }
  return 0
}
