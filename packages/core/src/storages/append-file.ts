import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder } from './make-folder.js'
import { storageFault } from './storage-fault.js'

const NEWLINE = 0x0a
const TAIL_BYTES = 64 * 1024

/** A file of lines that only grows. A torn last line (the crash of a writer) is cut off when it is opened; nothing else ever changes. */
export class AppendFile {
  readonly path: string
  #handle?: FileHandle

  constructor(path: string) {
    this.path = path
  }

  /** Whether it is open. */
  get isOpen(): boolean {
    return this.#handle !== undefined
  }

  /** Opens it and cuts a torn last line. @returns its size in bytes @throws {@link StorageError} */
  async open(): Promise<number> {
    try {
      this.#handle ??= await openTrimmed(this.path)
      return (await this.#handle.stat()).size
    } catch (error) {
      await this.close()
      throw storageFault(error, 'open', this.path)
    }
  }

  /** Appends whole lines in one write and forces them to disk. @throws {@link StorageError} */
  async append(text: string): Promise<void> {
    try {
      // lines in a file that was removed would be lost without a word
      if ((await this.#handle?.stat())?.nlink === 0) await this.close()
      this.#handle ??= await openTrimmed(this.path)
      await this.#handle.appendFile(text)
      await this.#handle.datasync()
    } catch (error) {
      // the next append opens again: the folder may have been removed and made anew
      await this.close()
      throw storageFault(error, 'write', this.path)
    }
  }

  /** Closes it; `append` opens it again. */
  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close().catch(() => {})
  }
}

async function openTrimmed(path: string): Promise<FileHandle> {
  await makeFolder(dirname(path))
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o644)
  const { size } = await handle.stat()
  const keep = await endOfLastLine(handle, size)
  if (keep < size) await handle.truncate(keep)
  return handle
}

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  for (let length = TAIL_BYTES; size > 0; length *= 2) {
    const tail = Buffer.alloc(Math.min(size, length))
    await handle.read(tail, 0, tail.length, size - tail.length)
    const newline = tail.lastIndexOf(NEWLINE)
    if (newline >= 0) return size - tail.length + newline + 1
    if (tail.length === size) break
  }
  return 0
}
